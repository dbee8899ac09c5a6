package io.keysetsync.cursor;

import io.keysetsync.cursor.CursorFormat.CursorType;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * How far before its cursor a run begins.
 *
 * @param time of a cursor of type {@code time}; otherwise zero
 * @param number of a cursor of type {@code number}; otherwise zero
 */
public record Lookback(Duration time, BigInteger number) {

    /** No lookback: a run begins at its cursor. */
    public static final Lookback NONE = new Lookback(Duration.ZERO, BigInteger.ZERO);

    private static final Pattern INTEGER = Pattern.compile("\\d{1,100}");

    /**
     * Reads the parameter {@code lookback} of a stream. Empty text, {@code PT0S} and {@code 0} mean no lookback for every type.
     *
     * @throws IllegalArgumentException if it can't be read; the message says what it must be
     */
    public static Lookback of(CursorType type, String text) {
        if (text.isEmpty() || text.equals("PT0S") || text.equals("0")) {
            return NONE;
        }
        return switch (type) {
            case TIME -> new Lookback(duration(text), BigInteger.ZERO);
            case NUMBER -> {
                if (!INTEGER.matcher(text).matches()) {
                    throw new IllegalArgumentException(
                            "must be an integer that is not negative, because cursorType is number");
                }
                yield new Lookback(Duration.ZERO, new BigInteger(text));
            }
            case TEXT -> throw new IllegalArgumentException("must be left out, because cursorType is text");
        };
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one error for both
        }
        throw new IllegalArgumentException("must be an ISO-8601 duration such as PT5M");
    }

    /** Whether a run begins at its cursor. */
    public boolean isZero() {
        return time.isZero() && number.signum() == 0;
    }
}
