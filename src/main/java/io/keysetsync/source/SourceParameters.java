package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.http.RateLimit;
import io.keysetsync.http.RequestLimits;
import io.keysetsync.http.RetryPolicy;
import io.keysetsync.http.auth.AuthParameters;
import io.keysetsync.http.auth.Credentials;
import io.keysetsync.jq.JqField;
import io.keysetsync.paging.PageFormat;
import io.keysetsync.paging.PageFormat.OnMissingCursor;
import io.keysetsync.paging.PageFormat.OnMissingRecords;
import io.keysetsync.paging.Paging;
import io.keysetsync.paging.PagingRules;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.request.PageRequest;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.run.FirstRequest;
import io.keysetsync.run.Reading;
import io.keysetsync.run.RunPlan;
import io.keysetsync.store.MarkOwner;
import java.net.URI;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * A stream's source parameters, validated, in the parts that their users need. They are documented where they are
 * defined, in {@code keyset-sync-source.kamelet.yaml}.
 */
public record SourceParameters(
        RunPlan plan,
        URI url,
        RequestFormat request,
        PageFormat page,
        PagingRules paging,
        boolean emptyIfNotFound,
        boolean endsAtRefusedPage,
        RequestLimits limits,
        @Nullable RateLimit rate,
        Credentials credentials,
        RetryPolicy retries) {

    /** No {@code @}, which ends it in a cursor's key; and nothing that a URI of Camel's would change. */
    private static final Pattern STREAM = Pattern.compile("(?! )[^@%&?\\\\\\p{Cntrl}]{1,200}(?<! )");

    /**
     * Reads and checks the parameters.
     *
     * @param context finds the resources that parameters name
     * @throws ConfigurationException naming the first value that can't be used
     */
    static SourceParameters read(Map<String, Object> values, CamelContext context) {
        Parameters parameters = new Parameters(String.valueOf(values.get("stream")), values);
        if (!STREAM.matcher(parameters.required("stream")).matches()) {
            throw parameters.wrong(
                    "stream",
                    "must be a name of 1 to 200 characters, without @ % & ? \\ and without blanks at its ends");
        }
        RequestParameters requests = new RequestParameters(parameters, context);
        URI url = requests.url();
        checkSchedule(parameters);
        CursorParameters cursor = CursorParameters.read(parameters);
        PagingParameters paging = PagingParameters.read(parameters);
        RequestFormat request = requests.format(url, paging.kind(), cursor.format());
        return new SourceParameters(
                cursor.plan(request, paging.reanchors(request)),
                url,
                request,
                page(parameters, cursor, paging),
                paging.rules(request),
                parameters.choice("onNotFound", OnMissingRecords.class) == OnMissingRecords.EMPTY,
                paging.endsAtRefusedPage(),
                new RequestLimits(
                        parameters.timeout("connectTimeout"),
                        parameters.timeout("responseTimeout"),
                        parameters.bytes("maxPageSize")),
                parameters.text("maxRequestsPerSecond").isBlank()
                        ? null
                        : new RateLimit(parameters.rate("maxRequestsPerSecond")),
                AuthParameters.read(parameters, context),
                new RetryPolicy(
                        parameters.number("attempts", 1),
                        parameters.duration("retryDelay"),
                        parameters.duration("maxRetryDelay"),
                        parameters.duration("maxRetryAfter")));
    }

    private static PageFormat page(Parameters parameters, CursorParameters cursor, PagingParameters paging) {
        return new PageFormat(
                parameters.text("stream"),
                parameters.read("recordsField", JqField::of),
                cursor.field(),
                cursor.format(),
                paging.kind(),
                paging.scrollField(),
                paging.flag("moreField"),
                paging.flag("errorField"),
                parameters.duration("futureTolerance"),
                parameters.choice("onMissingCursor", OnMissingCursor.class),
                parameters.choice("onMissingRecords", OnMissingRecords.class));
    }

    private static void checkSchedule(Parameters parameters) {
        try {
            CronExpression schedule =
                    new CronExpression(parameters.required("schedule").replace('+', ' '));
            if (schedule.getNextValidTimeAfter(Date.from(Instant.now())) == null) {
                throw parameters.wrong("schedule", "has no future run");
            }
        } catch (ParseException e) {
            throw parameters.wrong("schedule", "is not a Quartz cron expression: " + e.getMessage());
        }
    }

    public String stream() {
        return plan.stream();
    }

    /** The paging of one list of pages, without {@code reanchor}. */
    public Paging newList() {
        return Paging.of(paging, request, null);
    }

    /** The paging of one run. */
    Paging newPaging() {
        return Paging.of(paging, request, plan.reanchors() ? plan.format() : null);
    }

    /**
     * Names the plan by which the time since a cursor is cut into windows, and what is asked for in them: windows of another
     * plan mean nothing. A digest, as the query may have secrets.
     *
     * @param owner what the stream's marks belong to
     */
    String windowsPlan(MarkOwner owner) {
        return Digest.of(
                owner.toString(),
                String.valueOf(plan.step()),
                plan.initialCursor(),
                plan.format().sent(Instant.EPOCH) + plan.format().parse("2000-01-01T00:00:00"),
                request.filter());
    }

    /** The request with which a run would begin if this cursor were the stored one. */
    FirstRequest firstRequest(@Nullable String cursor) {
        PageRequest first = Reading.first(plan, new Mark(cursor, 0), newPaging());
        return new FirstRequest(
                request.method(),
                url + request.shownQuery(first),
                request.sendsCursor() ? first.sentCursor() : null,
                request.sendsUntil() ? first.until() : null);
    }
}
