package io.keysetsync.record;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as mail and HTTP write it (RFC 1123 and 2822), such as {@code Thu, 29 Feb 2024 23:59:59 GMT}. The day of
 * the week, the seconds and the day's first zero may be missing; the offset may be one of the old names.
 *
 * @param local the date and time as written
 * @param offset the offset as written
 * @param weekday whether the text has the day of the week
 * @param padded whether a day of one digit has a zero before it
 * @param seconds whether the text has seconds
 * @param offsetText {@code offset} as written
 */
public record MailTime(
        LocalDateTime local, ZoneOffset offset, boolean weekday, boolean padded, boolean seconds, String offsetText) {

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

    /** RFC 2822, 4.3; the hours from UTC. */
    private static final Map<String, Integer> ZONES = Map.ofEntries(
            Map.entry("UT", 0),
            Map.entry("UTC", 0),
            Map.entry("GMT", 0),
            Map.entry("Z", 0),
            Map.entry("EDT", -4),
            Map.entry("EST", -5),
            Map.entry("CDT", -5),
            Map.entry("CST", -6),
            Map.entry("MDT", -6),
            Map.entry("MST", -7),
            Map.entry("PDT", -7),
            Map.entry("PST", -8));

    private static final Pattern FORM = Pattern.compile(
            "(?:([A-Za-z]{3}), ?)?(\\d{1,2}) ([A-Za-z]{3}) (\\d{4}) (\\d{2}):(\\d{2})(?::(\\d{2}))? ([+-]\\d{4}|[A-Za-z]{1,3})");

    /** Parses {@code text}; null if it isn't such a time, or if the day of the week isn't that of the date. */
    public static @Nullable MailTime parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(parts, 4),
                    MONTHS.indexOf(capitalised(parts.group(3))) + 1,
                    number(parts, 2),
                    number(parts, 5),
                    number(parts, 6),
                    parts.group(7) == null ? 0 : number(parts, 7));
            ZoneOffset offset = offset(parts.group(8));
            String day = parts.group(1);
            boolean isOfDate = day == null || capitalised(day).equals(name(local.getDayOfWeek()));
            return offset == null || !isOfDate
                    ? null
                    : new MailTime(
                            local,
                            offset,
                            day != null,
                            parts.group(2).length() == 2,
                            parts.group(7) != null,
                            parts.group(8));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static String capitalised(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String name(DayOfWeek day) {
        return DAYS.get(day.getValue() - 1);
    }

    private static @Nullable ZoneOffset offset(String text) {
        if (text.charAt(0) != '+' && text.charAt(0) != '-') {
            Integer hours = ZONES.get(text.toUpperCase(Locale.ROOT));
            return hours == null ? null : ZoneOffset.ofHours(hours);
        }
        int sign = text.charAt(0) == '-' ? -1 : 1;
        return ZoneOffset.ofHoursMinutes(
                sign * Integer.parseInt(text.substring(1, 3)), sign * Integer.parseInt(text.substring(3)));
    }

    /** The instant that the text means. */
    public Instant instant() {
        return local.toInstant(offset);
    }

    /** Writes another instant in this notation: without seconds if this one has none, and with the same offset. */
    public String write(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, offset);
        return (weekday ? name(time.getDayOfWeek()) + ", " : "")
                + String.format(
                        Locale.ROOT,
                        padded ? "%02d %s %04d %02d:%02d" : "%d %s %04d %02d:%02d",
                        time.getDayOfMonth(),
                        MONTHS.get(time.getMonthValue() - 1),
                        time.getYear(),
                        time.getHour(),
                        time.getMinute())
                + (seconds ? String.format(Locale.ROOT, ":%02d", time.getSecond()) : "")
                + " " + offsetText;
    }
}
