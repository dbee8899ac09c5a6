package io.keysetsync.cursor;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.Position.NumberPosition;
import io.keysetsync.cursor.Position.TextPosition;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.CompactDate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a stream's cursors are read, and how they are sent. Times are read in every notation of {@link TimeReader}, whatever
 * notation they are sent in.
 */
public final class CursorFormat {

    /** The values of the parameter {@code cursorType}. */
    public enum CursorType {
        /** Instants, compared as such, in whatever notation. */
        TIME,
        /** Integers of any size. */
        NUMBER,
        /** Texts, compared by Unicode code points. */
        TEXT
    }

    /** Times, sent as the record has them; a time without an offset is in UTC. */
    public static final CursorFormat DEFAULT = new CursorFormat(CursorType.TIME, "same", null, ZoneOffset.UTC);

    private static final String SAME = "same";
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final TimePattern ISO_SECONDS = new TimePattern("yyyy-MM-dd'T'HH:mm:ss'Z'", ZoneOffset.UTC);
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,1000}(\\.0{1,100})?");

    private final CursorType type;
    private final String sentAs;
    private final TimeNotation.@Nullable Sent sent;
    private final TimeReader reader;

    private CursorFormat(CursorType type, String sentAs, TimeNotation.@Nullable Sent sent, ZoneId zone) {
        this.type = type;
        this.sentAs = sentAs;
        this.sent = sent;
        this.reader = new TimeReader(sent instanceof TimePattern pattern ? pattern : null, zone);
    }

    /**
     * A stream's format.
     *
     * @param sentAs the parameter {@code cursorFormat}
     * @param zone of times without an offset, read or sent. Of a local time that comes twice, the earlier one is meant; one
     *     that daylight saving skips is the moment of the change
     * @throws IllegalArgumentException if {@code sentAs} can't be used; the message says what it must be
     */
    public static CursorFormat of(CursorType type, String sentAs, ZoneId zone) {
        if (type != CursorType.TIME && !sentAs.equals(SAME)) {
            throw new IllegalArgumentException("must be left out, because only cursorType time has notations");
        }
        ZoneId normal = zone.normalized(); // the rules of a fixed offset need no look into tables
        return new CursorFormat(type, sentAs, notation(sentAs, normal), normal);
    }

    private static TimeNotation.@Nullable Sent notation(String sentAs, ZoneId zone) {
        return switch (sentAs) {
            case SAME -> null;
            case "epochSeconds" -> new EpochNotation(EpochUnit.SECONDS, 0);
            case "epochMillis" -> new EpochNotation(EpochUnit.MILLISECONDS, 0);
            case "epochMicros" -> new EpochNotation(EpochUnit.MICROSECONDS, 0);
            default -> {
                try {
                    yield new TimePattern(sentAs, zone);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "must be same, epochSeconds, epochMillis, epochMicros or a date pattern such as"
                                    + " yyyy-MM-dd HH:mm:ss: " + e.getMessage(),
                            e);
                }
            }
        };
    }

    public CursorType type() {
        return type;
    }

    /** Whether numbers are taken for epochs, and so may be compared as such, by their size. */
    public boolean readsEpochs() {
        return type == CursorType.TIME && reader.pattern() == null;
    }

    /** What a cursor of this format must be, for messages. */
    public String expected() {
        return switch (type) {
            case TIME ->
                "a time such as 2024-01-31T00:00:00Z, or an epoch number"
                        + (reader.pattern() == null ? "" : ", or written by the pattern " + sentAs);
            case NUMBER -> "an integer";
            case TEXT -> "a text that is not empty, without U+0000";
        };
    }

    /** Why a text that can't be read is wrong, as a predicate of the text. */
    public String problem(String text) {
        return "must be " + expected() + (type == CursorType.TIME ? CompactDate.hint(text) : "");
    }

    /** Why a value of a record that can't be read is no cursor, such as {@code no time: "x"}. */
    public String problem(JsonNode value) {
        return switch (type) {
            case TIME -> "no time: " + value + (CompactDate.is(value) ? ", which " + CompactDate.REASON : "");
            case NUMBER -> "no integer: " + value;
            case TEXT -> "no text: " + value;
        };
    }

    /** Reads a value of a record; null if the value is missing, null, or not readable. */
    public @Nullable Position read(JsonNode value) {
        if (value.isTextual()) {
            return parse(value.textValue());
        }
        if (!value.isNumber() || type == CursorType.TEXT) {
            return null;
        }
        if (value.isIntegralNumber()) {
            if (type == CursorType.NUMBER) {
                return new NumberPosition(value.asText(), value.bigIntegerValue());
            }
            return value.canConvertToLong() && reader.pattern() == null
                    ? epoch(value.asText(), value.longValue())
                    : parse(value.asText());
        }
        boolean isBinary = value.isDouble() || value.isFloat();
        if (isBinary && !Double.isFinite(value.doubleValue())) {
            return null;
        }
        BigDecimal number = value.decimalValue();
        boolean isExtreme = Math.abs(number.scale()) > 100;
        return isExtreme ? null : parse(number.toPlainString());
    }

    /** What {@link #parse} makes of a number's text, without another look at each digit. */
    private static @Nullable Position epoch(String text, long number) {
        EpochUnit unit = EpochUnit.of(number);
        return unit == null || CompactDate.is(text) ? null : new TimePosition(text, unit.instant(number));
    }

    /** Reads a text; null if it is not readable. */
    public @Nullable Position parse(String text) {
        switch (type) {
            case NUMBER -> {
                return WHOLE_NUMBER.matcher(text).matches()
                        ? new NumberPosition(text, new BigInteger(text.replaceFirst("\\..*", "")))
                        : null;
            }
            case TEXT -> {
                return isStorable(text) ? new TextPosition(text) : null;
            }
            default -> {
                Instant instant = reader.read(text);
                return instant == null ? null : new TimePosition(text, instant);
            }
        }
    }

    private static boolean isStorable(String text) {
        return !text.isEmpty()
                && text.codePoints()
                        .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    /** A position as it is sent: cut downwards, never up. */
    public String sent(Position position) {
        return asSent(position).text();
    }

    /** The position that the sent text of a position means: what sending cuts is gone. */
    public Position asSent(Position position) {
        return sent != null && position instanceof TimePosition time ? sent.at(time.instant()) : position;
    }

    /** A time as a cursor is sent, for {@code {until}}; with {@code same} in ISO 8601, to the second. */
    public String sent(Instant time) {
        return until().at(time).text();
    }

    private TimeNotation.Sent until() {
        return sent == null ? ISO_SECONDS : sent;
    }

    /** Whether a JSON body has a sent text as a number. */
    public boolean isSentAsNumber(String text) {
        return type != CursorType.TEXT
                && reader.pattern() == null
                && JSON_NUMBER.matcher(text).matches();
    }

    /**
     * The position that is {@code by} before another one, in that position's notation (rule 2). Digits that the notation
     * lacks are cut, so that it is earlier, never later. The earliest time is the beginning of the year 1.
     */
    public Position earlier(Position position, Lookback by) {
        if (by.isZero()) {
            return position;
        }
        if (position instanceof NumberPosition number) {
            BigInteger earlier = number.number().subtract(by.number());
            return new NumberPosition(earlier.toString(), earlier);
        }
        if (position instanceof TimePosition time) {
            boolean isTooFar = time.instant().isBefore(FIRST.plus(by.time()));
            return reader.notationOf(time.text())
                    .at(isTooFar ? FIRST : time.instant().minus(by.time()));
        }
        return position;
    }

    /**
     * A time as a position that can be stored: in the notation of another position if there is one, else as it is sent; as
     * ISO 8601 if that could not be read back, as with milliseconds of the year 1970. Never later than the time.
     */
    public Position at(Instant time, @Nullable Position like) {
        if (like instanceof TimePosition other) {
            TimePosition written = reader.notationOf(other.text()).at(time);
            if (isReadBack(written)) {
                return written;
            }
        }
        TimePosition asSent = until().at(time);
        return isReadBack(asSent) ? asSent : new TimePosition(time.toString(), time);
    }

    private boolean isReadBack(TimePosition written) {
        return written.instant().equals(reader.read(written.text()));
    }

    /** The time one unit of the sent notation before the end of a window as it is sent; a second with {@code same}. */
    public Instant beforeEnd(Instant end) {
        return until().unitBefore(until().at(end).instant());
    }

    /** What is sent while there is no cursor: the epoch in the notation that is sent; empty for numbers and texts. */
    public String initial() {
        return type == CursorType.TIME ? sent(Instant.EPOCH) : "";
    }
}
