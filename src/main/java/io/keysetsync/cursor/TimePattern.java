package io.keysetsync.cursor;

import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.IsoTime;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.time.temporal.TemporalQueries;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Times as a date pattern of Java writes them, with English names. */
final class TimePattern implements TimeNotation.Sent {

    /** A leap day, a day whose week belongs to the next year, a first of January; each must be read back. */
    private static final List<Instant> SAMPLES = List.of(
            Instant.parse("2024-02-29T21:59:58.987654321Z"),
            Instant.parse("2024-12-30T09:08:07.123456789Z"),
            Instant.parse("2025-01-01T13:00:00Z"));

    private static final int NANO_DIGITS = 9;

    private final DateTimeFormatter formatter;
    private final ZoneId zone;
    private final TemporalAmount unit;

    /**
     * A pattern in a zone.
     *
     * @throws IllegalArgumentException if this isn't a pattern, or what it writes can't be read as a time; the message says
     *     why
     */
    TimePattern(String pattern, ZoneId zone) {
        this.zone = zone;
        this.formatter = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(Letters.properYears(pattern))
                .toFormatter(Locale.US)
                .withResolverStyle(ResolverStyle.STRICT);
        this.unit = Letters.unit(pattern);
        for (Instant sample : SAMPLES) {
            String text = write(sample);
            Instant read = read(text);
            if (read == null || read.isAfter(sample) || !write(read).equals(text)) {
                throw new IllegalArgumentException("what it writes ('" + text + "') can't be read as a time");
            }
        }
    }

    /** Reads a text, the whole of which must match; null if it doesn't. */
    @Nullable
    Instant read(String text) {
        ParsePosition end = new ParsePosition(0);
        if (formatter.parseUnresolved(text, end) == null || end.getIndex() < text.length()) {
            return null; // without the costs of an exception: records may well be in another notation
        }
        try {
            return instant(formatter.parse(text));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private @Nullable Instant instant(TemporalAccessor parsed) {
        LocalDate date = date(parsed);
        if (date == null) {
            return null;
        }
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId written = parsed.query(TemporalQueries.zone());
        return IsoTime.instant(
                date.atTime(Objects.requireNonNullElse(time, LocalTime.MIDNIGHT)), written == null ? zone : written);
    }

    private static @Nullable LocalDate date(TemporalAccessor parsed) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date != null || !parsed.isSupported(ChronoField.YEAR)) {
            return date;
        }
        int month = parsed.isSupported(ChronoField.MONTH_OF_YEAR) ? parsed.get(ChronoField.MONTH_OF_YEAR) : 1;
        return LocalDate.of(parsed.get(ChronoField.YEAR), month, 1);
    }

    private String write(Instant time) {
        return formatter.format(time.atZone(zone));
    }

    @Override
    public TimePosition at(Instant time) {
        String text = write(time);
        return new TimePosition(text, Objects.requireNonNullElse(read(text), time));
    }

    @Override
    public Instant unitBefore(Instant time) {
        return ZonedDateTime.ofInstant(time, zone).minus(unit).toInstant();
    }

    /** The letters of a pattern, outside of what is quoted. */
    private static final class Letters {

        private static final List<ChronoUnit> UNITS = List.of(
                ChronoUnit.NANOS,
                ChronoUnit.MILLIS,
                ChronoUnit.SECONDS,
                ChronoUnit.MINUTES,
                ChronoUnit.HOURS,
                ChronoUnit.HALF_DAYS,
                ChronoUnit.DAYS,
                ChronoUnit.WEEKS,
                ChronoUnit.MONTHS,
                ChronoUnit.YEARS);

        private Letters() {}

        /** The pattern with years that need no era, for which the strict reading of dates would ask. */
        static String properYears(String pattern) {
            String plain = unquoted(pattern);
            if (plain.indexOf('G') >= 0) {
                return pattern;
            }
            StringBuilder proper = new StringBuilder(pattern);
            for (int i = 0; i < plain.length(); i++) {
                if (plain.charAt(i) == 'y') {
                    proper.setCharAt(i, 'u');
                }
            }
            return proper.toString();
        }

        /** The pattern with blanks in place of what is quoted. */
        private static String unquoted(String pattern) {
            StringBuilder plain = new StringBuilder(pattern);
            boolean quoted = false;
            for (int i = 0; i < pattern.length(); i++) {
                quoted ^= pattern.charAt(i) == '\'';
                if (quoted) {
                    plain.setCharAt(i, ' ');
                }
            }
            return plain.toString();
        }

        /** The least amount of time that makes a difference in the pattern. */
        static TemporalAmount unit(String pattern) {
            String plain = unquoted(pattern);
            int fraction = (int) plain.chars().filter(c -> c == 'S').count();
            if (plain.indexOf('n') < 0 && plain.indexOf('N') < 0 && fraction > 0) {
                return Duration.ofNanos((long) Math.pow(10, NANO_DIGITS - Math.min(fraction, NANO_DIGITS)));
            }
            ChronoUnit least = plain.chars()
                    .mapToObj(Letters::unit)
                    .filter(Objects::nonNull)
                    .min(Comparator.comparingInt(UNITS::indexOf))
                    .orElseThrow(() -> new IllegalArgumentException("it has no date"));
            return least.isDateBased() ? periodOf(least) : least.getDuration();
        }

        private static TemporalAmount periodOf(ChronoUnit unit) {
            return switch (unit) {
                case YEARS -> Period.ofYears(1);
                case MONTHS -> Period.ofMonths(1);
                case WEEKS -> Period.ofWeeks(1);
                default -> Period.ofDays(1);
            };
        }

        private static @Nullable ChronoUnit unit(int letter) {
            return switch (letter) {
                case 'n', 'N' -> ChronoUnit.NANOS;
                case 'A' -> ChronoUnit.MILLIS;
                case 's' -> ChronoUnit.SECONDS;
                case 'm' -> ChronoUnit.MINUTES;
                case 'H', 'h', 'K', 'k' -> ChronoUnit.HOURS;
                case 'a' -> ChronoUnit.HALF_DAYS;
                case 'd', 'D', 'E', 'e', 'c', 'F' -> ChronoUnit.DAYS;
                case 'w', 'W' -> ChronoUnit.WEEKS;
                case 'M', 'L', 'Q', 'q' -> ChronoUnit.MONTHS;
                case 'y', 'u', 'Y' -> ChronoUnit.YEARS;
                default -> null;
            };
        }
    }
}
