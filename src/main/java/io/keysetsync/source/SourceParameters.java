package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.Position;
import io.keysetsync.http.RateLimit;
import io.keysetsync.http.RequestLimits;
import io.keysetsync.http.RetryPolicy;
import io.keysetsync.http.auth.AuthParameters;
import io.keysetsync.http.auth.Credentials;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.record.FieldPath;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * A stream's source parameters, validated. They are documented where they are defined, in
 * {@code keyset-sync-source.kamelet.yaml}.
 */
public record SourceParameters(
        String stream,
        URI url,
        String query,
        FieldPath recordsField,
        FieldPath cursorField,
        String cursorParam,
        FieldPath scrollField,
        String scrollParam,
        String initialCursor,
        Duration lookback,
        Duration futureTolerance,
        Paging paging,
        OnMissingCursor onMissingCursor,
        OnMissingRecords onMissingRecords,
        int maxEmptyPages,
        RequestLimits limits,
        @Nullable RateLimit pace,
        Credentials credentials,
        RetryPolicy retries) {

    /** How the next page is asked for. */
    public enum Paging {
        SCROLL,
        REANCHOR
    }

    /** What becomes of a record whose cursor is missing, null or unreadable. */
    public enum OnMissingCursor {
        QUARANTINE,
        SAVE,
        FAIL
    }

    /** What a response without records means. */
    public enum OnMissingRecords {
        FAIL,
        EMPTY
    }

    private static final Pattern STREAM = Pattern.compile("[^@\\p{Cntrl}]{1,200}");

    /**
     * Reads and checks the parameters.
     *
     * @throws ConfigurationException naming the first that can't be used
     */
    static SourceParameters read(Map<String, Object> values) {
        Parameters settings = new Parameters(String.valueOf(values.get("stream")), values);
        if (!STREAM.matcher(settings.required("stream")).matches()) {
            throw settings.wrong("stream", "is not a name of 1 to 200 characters without '@'");
        }
        URI url = endpoint(settings);
        checkSchedule(settings);
        String initialCursor = settings.text("initialCursor");
        if (!initialCursor.isEmpty() && Position.parse(initialCursor) == null) {
            throw settings.wrong("initialCursor", "is neither a time such as 2024-01-31T00:00:00Z nor an epoch number");
        }
        return new SourceParameters(
                settings.text("stream"),
                url,
                settings.text("query"),
                FieldPath.of(settings.text("recordsField")),
                FieldPath.of(settings.required("cursorField")),
                settings.required("cursorParam"),
                FieldPath.of(settings.required("scrollField")),
                settings.required("scrollParam"),
                initialCursor,
                settings.duration("lookback"),
                settings.duration("futureTolerance"),
                settings.choice("paging", Paging.class),
                settings.choice("onMissingCursor", OnMissingCursor.class),
                settings.choice("onMissingRecords", OnMissingRecords.class),
                settings.number("maxEmptyPages", 1),
                new RequestLimits(
                        settings.timeout("connectTimeout"),
                        settings.timeout("responseTimeout"),
                        settings.bytes("maxPageSize")),
                settings.text("maxRequestsPerSecond").isBlank()
                        ? null
                        : new RateLimit(settings.rate("maxRequestsPerSecond")),
                AuthParameters.read(settings),
                new RetryPolicy(
                        settings.number("attempts", 1),
                        settings.duration("retryDelay"),
                        settings.duration("maxRetryDelay"),
                        settings.duration("maxRetryAfter")));
    }

    private static URI endpoint(Parameters settings) {
        URI url = settings.url("url");
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new ConfigurationException("stream " + settings.stream()
                    + ": parameter url must have neither a query, a fragment nor a user;"
                    + " query parameters go into the parameter 'query'");
        }
        return url;
    }

    private static void checkSchedule(Parameters settings) {
        try {
            CronExpression schedule =
                    new CronExpression(settings.required("schedule").replace('+', ' '));
            if (schedule.getNextValidTimeAfter(Date.from(Instant.now())) == null) {
                throw settings.wrong("schedule", "never comes");
            }
        } catch (ParseException e) {
            throw settings.wrong("schedule", "is not a Quartz cron expression: " + e.getMessage());
        }
    }
}
