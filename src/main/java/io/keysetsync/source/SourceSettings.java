package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.Position;
import io.keysetsync.table.FieldPath;
import java.net.URI;
import java.net.URISyntaxException;
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
record SourceSettings(
        String stream,
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
        Duration connectTimeout,
        Duration responseTimeout,
        RetryPolicy retries) {

    /** How the next page is asked for. */
    enum Paging {
        SCROLL,
        REANCHOR
    }

    /** What becomes of a record whose cursor is missing, null or unreadable. */
    enum OnMissingCursor {
        QUARANTINE,
        SAVE,
        FAIL
    }

    /** What a response without records means. */
    enum OnMissingRecords {
        FAIL,
        EMPTY
    }

    private static final Pattern STREAM = Pattern.compile("[^@\\p{Cntrl}]{1,200}");

    /**
     * Reads and checks the parameters.
     *
     * @throws ConfigurationException naming the first that can't be used
     */
    static SourceSettings read(Map<String, Object> values) {
        Settings settings = new Settings(String.valueOf(values.get("stream")), values);
        if (!STREAM.matcher(settings.required("stream")).matches()) {
            throw settings.wrong("stream", "is not a name of 1 to 200 characters without '@'");
        }
        checkUrl(settings);
        checkSchedule(settings);
        String initialCursor = settings.text("initialCursor");
        if (!initialCursor.isEmpty() && Position.parse(initialCursor) == null) {
            throw settings.wrong("initialCursor", "is neither a time such as 2024-01-31T00:00:00Z nor an epoch number");
        }
        return new SourceSettings(
                settings.text("stream"),
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
                settings.duration("connectTimeout"),
                settings.duration("responseTimeout"),
                new RetryPolicy(
                        settings.number("attempts", 1),
                        settings.duration("retryDelay"),
                        settings.duration("maxRetryDelay"),
                        settings.duration("maxRetryAfter")));
    }

    private static void checkUrl(Settings settings) {
        URI url = uri(settings.required("url"));
        boolean http = url != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
        if (url == null || !http || url.getHost() == null) {
            throw settings.wrong("url", "is not an absolute http or https URL");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new ConfigurationException("stream " + settings.stream()
                    + ": parameter url must have neither a query, a fragment nor a user;"
                    + " query parameters go into the parameter 'query'");
        }
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static void checkSchedule(Settings settings) {
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
