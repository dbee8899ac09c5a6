package io.keysetsync.cursor;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.IsoTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value of the cursor: the API's own text, which is stored and sent back, and the instant that the text means, by which
 * positions are compared (rule 2).
 *
 * <p>Text is a time as {@link IsoTime} reads it. An integer, as JSON number or as text, counts seconds of the Unix epoch,
 * or milliseconds from 10^11 on (as seconds that would be the year 5138); the last second of the year 9999 and the one
 * after it, which stand for "never", are seconds. A {@link CompactDate} is not a position.
 */
public record Position(String text, Instant instant) implements Comparable<Position> {

    /** The least number of milliseconds. */
    public static final long FIRST_MILLISECONDS = 100_000_000_000L;
    /** The greatest number of milliseconds, in the year 11476; a greater number is not a position. */
    public static final long LAST_MILLISECONDS = 300_000_000_000_000L;
    /** 9999-12-31T23:59:59Z in seconds. As milliseconds it would be a time in 1978. */
    public static final long LAST_SECOND = 253_402_300_799L;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final int MAX_INTEGER_LENGTH = 16;

    /** Reads a value of a record; null if the value is missing, null, or not readable. */
    public static @Nullable Position of(JsonNode value) {
        if (value.isTextual()) {
            return parse(value.textValue());
        }
        return value.isIntegralNumber() && value.canConvertToLong() ? ofEpoch(value.asText()) : null;
    }

    /** Reads a text; null if it is not readable. */
    public static @Nullable Position parse(String text) {
        if (isInteger(text)) {
            return ofEpoch(text);
        }
        IsoTime time = IsoTime.parse(text);
        return time == null ? null : new Position(text, time.instant());
    }

    private static @Nullable Position ofEpoch(String text) {
        long number = Long.parseLong(text);
        if (number > LAST_MILLISECONDS || number < -LAST_MILLISECONDS || CompactDate.is(text)) {
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
        return Math.abs(number) >= FIRST_MILLISECONDS && number != LAST_SECOND && number != LAST_SECOND + 1;
    }

    /**
     * Writes the time {@code lookback} before this position in this position's notation (rule 2). Digits that the notation
     * lacks are cut, so that the time is earlier, never later. The earliest time is the beginning of the year 1.
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

    /** Whether {@code a} is later than {@code b}; null is before everything. */
    public static boolean isAfter(@Nullable Position a, @Nullable Position b) {
        return a != null && (b == null || a.compareTo(b) > 0);
    }

    /** The later of two; null is before everything. The first of them if they are the same instant. */
    public static @Nullable Position later(@Nullable Position a, @Nullable Position b) {
        return isAfter(b, a) ? b : a;
    }
}
