package io.keysetsync.scenario;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/**
 * Reads a cursor as the instant that it means: an ISO-8601 date and time with {@code Z}, an offset or neither (then
 * UTC) and up to nine digits of fraction, or an integer, which is epoch seconds, or from twelve digits on milliseconds.
 *
 * <p>Tests may compare with it what a sync has stored. It shares no code with keyset-sync on purpose.
 */
public final class CursorTime {
    private static final long FIRST_MILLISECONDS = 100_000_000_000L;
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private CursorTime() {}

    /** The instant that {@code text} means, or empty when it can't be read. */
    public static Optional<Instant> read(String text) {
        try {
            return Optional.of(text.matches("-?\\d{1,18}") ? epoch(Long.parseLong(text)) : dateTime(text));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Instant epoch(long value) {
        return Math.abs(value) < FIRST_MILLISECONDS ? Instant.ofEpochSecond(value) : Instant.ofEpochMilli(value);
    }

    private static Instant dateTime(String text) {
        TemporalAccessor parsed = DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return parsed instanceof OffsetDateTime withOffset
                ? withOffset.toInstant()
                : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
    }
}
