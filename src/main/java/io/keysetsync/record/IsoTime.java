package io.keysetsync.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as ISO 8601 and RFC 3339 write it: a date, or a date and a time after {@code T} or a blank, with 0 to
 * 9 fraction digits and an offset, {@code Z} or neither.
 *
 * <p>Every record has several times, so parser and writer are written by hand: {@code DateTimeFormatter} takes ten times as long.
 *
 * @param local the date and time as written
 * @param offset the offset as written; null if there is none
 * @param fractionDigits how many digits the fraction of a second has; {@value #NO_SECONDS} if there are no seconds
 * @param separator the character between date and time; null if there is only a date
 * @param offsetText {@code offset} as written
 */
public record IsoTime(
        LocalDateTime local,
        @Nullable ZoneOffset offset,
        int fractionDigits,
        @Nullable Character separator,
        String offsetText) {

    private static final int NO_SECONDS = -1;
    private static final int MAX_FRACTION_DIGITS = 9;
    private static final int SQL_FRACTION_DIGITS = 6;
    private static final int LONGEST = "2024-01-01T00:00:00.123456789".length();
    private static final int[] TENS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    /** Parses {@code text}; null if it isn't such a time. */
    public static @Nullable IsoTime parse(String text) {
        try {
            return new Parser(text).parse();
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** The instant; a time without an offset is in {@code zone}, as in {@link #instant(LocalDateTime, ZoneId)}. */
    public Instant instant(ZoneId zone) {
        return offset == null ? instant(local, zone) : local.toInstant(offset);
    }

    /**
     * The instant of a local time in a zone. If the local time comes twice, this is the earlier one. A local time that
     * daylight saving skips is the moment of the change: so later local times are never earlier instants.
     */
    public static Instant instant(LocalDateTime local, ZoneId zone) {
        if (zone instanceof ZoneOffset fixed) {
            return local.toInstant(fixed);
        }
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(zone).toInstant();
    }

    /** Writes another instant in this notation: as many fraction digits (the rest is cut), the same offset. */
    public String write(Instant instant, ZoneId zone) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, offset == null ? zone : offset);
        return write(time, separator, fractionDigits, offsetText);
    }

    /**
     * Writes a time as SQL does, to the microsecond; finer digits are cut.
     *
     * @param end what follows the time, such as an offset
     */
    public static String sql(LocalDateTime time, String end) {
        return write(time, ' ', SQL_FRACTION_DIGITS, end);
    }

    private static String write(LocalDateTime time, @Nullable Character separator, int fractionDigits, String end) {
        char[] text = new char[LONGEST + end.length()];
        int at = pad(text, 0, time.getYear(), 4);
        at = pad(text, put(text, at, '-'), time.getMonthValue(), 2);
        at = pad(text, put(text, at, '-'), time.getDayOfMonth(), 2);
        if (separator != null) {
            at = clock(text, put(text, at, separator), time, fractionDigits);
        }
        end.getChars(0, end.length(), text, at);
        return new String(text, 0, at + end.length());
    }

    private static int clock(char[] text, int from, LocalDateTime time, int fractionDigits) {
        int at = pad(text, from, time.getHour(), 2);
        at = pad(text, put(text, at, ':'), time.getMinute(), 2);
        if (fractionDigits == NO_SECONDS) {
            return at;
        }
        at = pad(text, put(text, at, ':'), time.getSecond(), 2);
        if (fractionDigits == 0) {
            return at;
        }
        int fraction = time.get(ChronoField.NANO_OF_SECOND) / TENS[MAX_FRACTION_DIGITS - fractionDigits];
        return pad(text, put(text, at, '.'), fraction, fractionDigits);
    }

    private static int put(char[] text, int at, char c) {
        text[at] = c;
        return at + 1;
    }

    private static int pad(char[] text, int at, int number, int width) {
        int rest = number;
        for (int i = at + width - 1; i >= at; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return at + width;
    }

    /** Parses the characters of one time from left to right. */
    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        @Nullable
        IsoTime parse() {
            int year = number(4);
            expect('-');
            int month = number(2);
            expect('-');
            int day = number(2);
            if (at == text.length()) {
                return new IsoTime(LocalDateTime.of(year, month, day, 0, 0), null, 0, null, "");
            }
            char separator = text.charAt(at++);
            if (separator != 'T' && separator != 't' && separator != ' ') {
                return null;
            }
            int hour = number(2);
            expect(':');
            int minute = number(2);
            int second = 0;
            int nanos = 0;
            int digits = NO_SECONDS;
            if (skip(':')) {
                digits = 0;
                second = number(2);
                if (skip('.') || skip(',')) {
                    int from = at;
                    while (at < text.length() && isDigit(text.charAt(at))) {
                        at++;
                    }
                    digits = at - from;
                    if (digits == 0 || digits > MAX_FRACTION_DIGITS) {
                        return null;
                    }
                    at = from;
                    nanos = number(digits);
                    for (int i = digits; i < MAX_FRACTION_DIGITS; i++) {
                        nanos *= 10;
                    }
                }
            }
            LocalDateTime local = LocalDateTime.of(year, month, day, hour, minute, second, nanos);
            String offsetText = text.substring(at);
            ZoneOffset offset = offset();
            return at == text.length() ? new IsoTime(local, offset, digits, separator, offsetText) : null;
        }

        private @Nullable ZoneOffset offset() {
            if (at == text.length()) {
                return null;
            }
            char sign = text.charAt(at++);
            if (sign == 'Z' || sign == 'z') {
                return ZoneOffset.UTC;
            }
            if (sign != '+' && sign != '-') {
                throw new DateTimeException("no offset");
            }
            int hours = number(2);
            int minutes = 0;
            if (at < text.length()) {
                skip(':');
                minutes = number(2);
            }
            return sign == '+'
                    ? ZoneOffset.ofHoursMinutes(hours, minutes)
                    : ZoneOffset.ofHoursMinutes(-hours, -minutes);
        }

        private int number(int width) {
            int number = 0;
            for (int end = at + width; at < end; at++) {
                char c = text.charAt(at);
                if (!isDigit(c)) {
                    throw new DateTimeException("no digit");
                }
                number = number * 10 + (c - '0');
            }
            return number;
        }

        private void expect(char c) {
            if (text.charAt(at++) != c) {
                throw new DateTimeException("no " + c);
            }
        }

        private boolean skip(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
