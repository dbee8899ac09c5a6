package io.keysetsync.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDateTime;

/**
 * Recognises a calendar date that is written in digits alone: {@code yyyy}, {@code yyyyMM}, {@code yyyyMMdd},
 * {@code yyyyMMddHHmm} or {@code yyyyMMddHHmmss}, in the years 1900 to 2199. Read as an epoch, it would be another time.
 */
public final class CompactDate {

    /** The reason why such a value is not read as a time. */
    public static final String REASON = "looks like a compact date, not an epoch";

    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 2199;

    private CompactDate() {}

    /** Whether a JSON number or text is such a date; {@code 20240131.0} is one as well. */
    public static boolean is(JsonNode value) {
        if (value.isTextual()) {
            return is(value.textValue());
        }
        return value.isNumber()
                && value.canConvertToExactIntegral()
                && value.canConvertToLong()
                && is(Long.toString(value.longValue()));
    }

    /** Whether a text is such a date. */
    public static boolean is(String text) {
        return switch (text.length()) {
            case 4, 6, 8, 12, 14 -> text.chars().allMatch(c -> c >= '0' && c <= '9') && isDate(text);
            default -> false;
        };
    }

    private static boolean isDate(String digits) {
        int year = Integer.parseInt(digits.substring(0, 4));
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            return false;
        }
        try {
            LocalDateTime.of(
                    year,
                    pair(digits, 4, 1),
                    pair(digits, 6, 1),
                    pair(digits, 8, 0),
                    pair(digits, 10, 0),
                    pair(digits, 12, 0));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static int pair(String digits, int from, int absent) {
        return from < digits.length() ? Integer.parseInt(digits.substring(from, from + 2)) : absent;
    }

    /** The end of a message about a text that can't be read as a time; empty unless the text is such a date. */
    public static String hint(String text) {
        return is(text) ? "; it " + REASON : "";
    }
}
