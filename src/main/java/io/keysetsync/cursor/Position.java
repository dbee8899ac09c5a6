package io.keysetsync.cursor;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.IsoTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value of the cursor: the API's own text, which is what is stored and sent back, and the instant it stands for, which
 * is what is compared (rule 2).
 *
 * <p>Text is a time as {@link IsoTime} reads it; an integer, as JSON number or as text, counts seconds of the Unix
 * epoch, or milliseconds from 10^11 on (as seconds that would be the year 5138).
 */
public record Position(String text, Instant instant) implements Comparable<Position> {

    private static final long FIRST_MILLISECONDS = 100_000_000_000L;
    /** As seconds or milliseconds, the largest number that still is a year of four digits or so. */
    private static final long LAST_MILLISECONDS = 300_000_000_000_000L;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final int MAX_INTEGER_LENGTH = 16;

    /** The position that {@code value} stands for; null where it is missing, null, or can't be read as one. */
    public static @Nullable Position of(JsonNode value) {
        if (value.isTextual()) {
            return parse(value.textValue());
        }
        return value.isIntegralNumber() && value.canConvertToLong() ? ofEpoch(value.asText()) : null;
    }

    /** The position that {@code text} stands for; null where it can't be read as one. */
    public static @Nullable Position parse(String text) {
        if (isInteger(text)) {
            return ofEpoch(text);
        }
        IsoTime time = IsoTime.parse(text);
        return time == null ? null : new Position(text, time.instant());
    }

    private static @Nullable Position ofEpoch(String text) {
        long number = Long.parseLong(text);
        if (Math.abs(number) > LAST_MILLISECONDS) {
            return null;
        }
        return new Position(
                text, isMilliseconds(number) ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number));
    }

    private static boolean isInteger(String text) {
        int digits = text.startsWith("-") ? 1 : 0;
        return text.length() > digits
                && text.length() <= MAX_INTEGER_LENGTH
                && text.chars().skip(digits).allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isMilliseconds(long number) {
        return Math.abs(number) >= FIRST_MILLISECONDS;
    }

    /**
     * What to send to start {@code lookback} before this position, written as this position is (rule 2). What the
     * notation can't express is cut, so that it is rather earlier than later; it ends at the year 1.
     */
    public String minus(Duration lookback) {
        if (lookback.isZero()) {
            return text;
        }
        Instant earlier = instant.isBefore(FIRST.plus(lookback)) ? FIRST : instant.minus(lookback);
        IsoTime time = isInteger(text) ? null : IsoTime.parse(text);
        if (time != null) {
            return time.write(earlier);
        }
        return Long.toString(isMilliseconds(Long.parseLong(text)) ? earlier.toEpochMilli() : earlier.getEpochSecond());
    }

    @Override
    public int compareTo(Position other) {
        return instant.compareTo(other.instant);
    }

    /** Whether {@code a} is later than {@code b}, where null is before everything. */
    public static boolean isAfter(@Nullable Position a, @Nullable Position b) {
        return a != null && (b == null || a.compareTo(b) > 0);
    }

    /** The later of two, where null is before everything; the first where they are the same instant. */
    public static @Nullable Position later(@Nullable Position a, @Nullable Position b) {
        return isAfter(b, a) ? b : a;
    }
}
