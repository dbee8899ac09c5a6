package io.keysetsync.store;

import io.keysetsync.ConfigurationException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAmount;
import org.jspecify.annotations.Nullable;

/**
 * How long finished runs are kept.
 *
 * @param kept a period or a duration; null to keep them forever
 */
public record History(@Nullable TemporalAmount kept) {

    /** The setting of a Camel context. */
    public static final String SETTING = "sync.history";

    /** Its value unless it is set. */
    public static final String DEFAULT = "P90D";

    /** A time that all databases can store. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    /**
     * Reads the setting.
     *
     * @param value an ISO-8601 period or duration, not negative; empty to keep runs forever
     * @throws ConfigurationException if the value is neither
     */
    public static History parse(String value) {
        String text = value.strip();
        if (text.isEmpty()) {
            return new History(null);
        }
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative()) {
                return new History(duration);
            }
        } catch (DateTimeParseException e) {
            return new History(period(text));
        }
        throw wrong(text);
    }

    private static Period period(String text) {
        try {
            Period period = Period.parse(text);
            if (period.getYears() >= 0 && period.getMonths() >= 0 && period.getDays() >= 0) {
                return period;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one error for both
        }
        throw wrong(text);
    }

    private static ConfigurationException wrong(String text) {
        return new ConfigurationException(
                SETTING + " '" + text + "' is neither an ISO-8601 period such as P90D or P1Y nor"
                        + " a duration such as PT12H; leave it empty to keep all runs");
    }

    /** The time before which a run must have ended to be deleted; null if runs are kept forever. */
    @Nullable
    Instant cutoff(Instant now) {
        if (kept == null) {
            return null;
        }
        try {
            Instant cutoff =
                    OffsetDateTime.ofInstant(now, ZoneOffset.UTC).minus(kept).toInstant();
            return cutoff.isBefore(EARLIEST) ? EARLIEST : cutoff;
        } catch (DateTimeException | ArithmeticException e) {
            return EARLIEST; // longer than there is time
        }
    }
}
