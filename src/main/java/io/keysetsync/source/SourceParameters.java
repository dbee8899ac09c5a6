package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Lookback;
import io.keysetsync.http.RateLimit;
import io.keysetsync.http.RequestLimits;
import io.keysetsync.http.RetryPolicy;
import io.keysetsync.http.auth.AuthParameters;
import io.keysetsync.http.auth.Credentials;
import io.keysetsync.paging.PageFormat;
import io.keysetsync.paging.PageFormat.OnMissingCursor;
import io.keysetsync.paging.PageFormat.OnMissingRecords;
import io.keysetsync.paging.Paging;
import io.keysetsync.paging.ReanchorPaging;
import io.keysetsync.paging.RequestFormat;
import io.keysetsync.paging.ScrollPaging;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.record.FieldPath;
import io.keysetsync.run.RunPlan;
import java.net.URI;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.regex.Pattern;
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
        PagingKind pagingKind,
        int maxEmptyPages,
        RequestLimits limits,
        @Nullable RateLimit rate,
        Credentials credentials,
        RetryPolicy retries) {

    /** The ways to ask for the next page: the values of the parameter {@code paging}. */
    public enum PagingKind {
        SCROLL,
        REANCHOR
    }

    /** No {@code @}, which ends it in a cursor's key; and nothing that a URI of Camel's would change. */
    private static final Pattern STREAM = Pattern.compile("(?! )[^@%&?\\\\\\p{Cntrl}]{1,200}(?<! )");

    /**
     * Reads and checks the parameters.
     *
     * @throws ConfigurationException naming the first value that can't be used
     */
    static SourceParameters read(Map<String, Object> values) {
        Parameters parameters = new Parameters(String.valueOf(values.get("stream")), values);
        if (!STREAM.matcher(parameters.required("stream")).matches()) {
            throw parameters.wrong(
                    "stream",
                    "must be a name of 1 to 200 characters, without @ % & ? \\ and without blanks at its ends");
        }
        URI url = endpoint(parameters);
        checkSchedule(parameters);
        CursorFormat cursor = cursor(parameters);
        return new SourceParameters(
                plan(parameters, cursor),
                url,
                new RequestFormat(
                        parameters.text("query"),
                        parameters.required("cursorParam"),
                        parameters.required("scrollParam")),
                format(parameters, cursor),
                parameters.choice("paging", PagingKind.class),
                parameters.number("maxEmptyPages", 1),
                new RequestLimits(
                        parameters.timeout("connectTimeout"),
                        parameters.timeout("responseTimeout"),
                        parameters.bytes("maxPageSize")),
                parameters.text("maxRequestsPerSecond").isBlank()
                        ? null
                        : new RateLimit(parameters.rate("maxRequestsPerSecond")),
                AuthParameters.read(parameters),
                new RetryPolicy(
                        parameters.number("attempts", 1),
                        parameters.duration("retryDelay"),
                        parameters.duration("maxRetryDelay"),
                        parameters.duration("maxRetryAfter")));
    }

    private static CursorFormat cursor(Parameters parameters) {
        CursorType type = parameters.choice("cursorType", CursorType.class);
        ZoneId zone;
        try {
            zone = ZoneId.of(parameters.text("cursorZone"));
        } catch (DateTimeException e) {
            throw parameters.wrong("cursorZone", "must be a time zone such as UTC or America/New_York");
        }
        try {
            return CursorFormat.of(type, parameters.text("cursorFormat"), zone);
        } catch (IllegalArgumentException e) {
            throw parameters.wrong("cursorFormat", e.getMessage());
        }
    }

    private static Lookback lookback(Parameters parameters, CursorFormat cursor) {
        try {
            return Lookback.of(cursor.type(), parameters.text("lookback"));
        } catch (IllegalArgumentException e) {
            throw parameters.wrong("lookback", e.getMessage());
        }
    }

    private static RunPlan plan(Parameters parameters, CursorFormat format) {
        String initialCursor = parameters.text("initialCursor");
        if (!initialCursor.isEmpty() && format.parse(initialCursor) == null) {
            throw parameters.wrong("initialCursor", format.problem(initialCursor));
        }
        return new RunPlan(
                parameters.text("stream"),
                path(parameters, "cursorField"),
                format,
                initialCursor,
                lookback(parameters, format));
    }

    private static PageFormat format(Parameters parameters, CursorFormat cursor) {
        return new PageFormat(
                parameters.text("stream"),
                path(parameters, "recordsField"),
                path(parameters, "cursorField"),
                cursor,
                path(parameters, "scrollField"),
                parameters.duration("futureTolerance"),
                parameters.choice("onMissingCursor", OnMissingCursor.class),
                parameters.choice("onMissingRecords", OnMissingRecords.class));
    }

    /** A path; only {@code recordsField} may be empty. */
    private static FieldPath path(Parameters parameters, String name) {
        String text = name.equals("recordsField") ? parameters.text(name) : parameters.required(name);
        try {
            return FieldPath.of(text);
        } catch (IllegalArgumentException e) {
            throw parameters.wrong(name, e.getMessage());
        }
    }

    private static URI endpoint(Parameters parameters) {
        URI url = parameters.url("url");
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new ConfigurationException("stream " + parameters.stream()
                    + ": parameter url must have neither a query, a fragment nor a user;"
                    + " query parameters go into the parameter 'query'");
        }
        return url;
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

    /** The paging of one run. */
    Paging paging() {
        ScrollPaging scroll = new ScrollPaging(stream(), maxEmptyPages);
        return pagingKind == PagingKind.REANCHOR ? new ReanchorPaging(scroll) : scroll;
    }
}
