package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.IsoTime;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type of the schema file. Converts a value to text in one canonical form, which the upsert statement casts to the
 * column's type; a value that the database would round, cut or refuse is refused here.
 *
 * @param precision digits of a {@code DECIMAL}; otherwise 0
 * @param scale digits of a {@code DECIMAL} after the point; otherwise 0
 */
public record ColumnType(Kind kind, int precision, int scale) {

    /** The types' names, as the schema file writes them. */
    public enum Kind {
        BOOLEAN,
        SHORT,
        INT,
        LONG,
        DECIMAL,
        FLOAT,
        DOUBLE,
        NAIVE_DATE,
        NAIVE_DATETIME,
        UTC_DATETIME,
        BINARY,
        XML,
        STRING,
        JSON
    }

    /** The most digits of a {@code DECIMAL} in a schema file. */
    private static final int MAX_PRECISION = 38;

    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d{1,3}),\\s*(\\d{1,3})\\)");

    /** A type without parameters. */
    public static ColumnType of(Kind kind) {
        return new ColumnType(kind, 0, 0);
    }

    /** Reads a type as the schema file writes it, such as {@code STRING} or {@code DECIMAL(18,2)}; empty if unknown. */
    public static Optional<ColumnType> parse(String text) {
        Matcher decimal = DECIMAL.matcher(text);
        if (decimal.matches()) {
            int precision = Integer.parseInt(decimal.group(1));
            int scale = Integer.parseInt(decimal.group(2));
            boolean valid = precision >= 1 && precision <= MAX_PRECISION && scale <= precision;
            return valid ? Optional.of(new ColumnType(Kind.DECIMAL, precision, scale)) : Optional.empty();
        }
        return Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.DECIMAL && kind.name().equals(text))
                .map(ColumnType::of)
                .findFirst();
    }

    /**
     * The canonical text of {@code value}, which is neither null nor missing.
     *
     * @throws UnfitValueException if the value doesn't fit exactly
     */
    public String text(JsonNode value) {
        return switch (kind) {
            case STRING -> value.isTextual() ? value.textValue() : Numbers.plain(value);
            case JSON -> value.toString();
            case XML -> string(value);
            case BOOLEAN -> bool(value);
            case SHORT -> Numbers.integer(this, value, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT -> Numbers.integer(this, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> Numbers.integer(this, value, Long.MIN_VALUE, Long.MAX_VALUE);
            case DECIMAL -> Numbers.decimal(this, value);
            case FLOAT, DOUBLE -> Numbers.floating(this, value);
            case NAIVE_DATE -> date(value);
            case NAIVE_DATETIME -> naiveTime(value);
            case UTC_DATETIME -> utcTime(value);
            case BINARY -> binary(value);
        };
    }

    /** Whether a value, which is neither null nor missing, fits exactly. */
    public boolean fits(JsonNode value) {
        try {
            text(value);
            return true;
        } catch (UnfitValueException e) {
            return false;
        }
    }

    /** Whether a column of this type holds every value of another one exactly. */
    public boolean holds(ColumnType other) {
        if (other.kind == kind) {
            return kind != Kind.DECIMAL || (other.scale <= scale && other.precision - other.scale <= precision - scale);
        }
        return switch (kind) {
            case INT -> other.kind == Kind.SHORT;
            case LONG -> other.kind == Kind.SHORT || other.kind == Kind.INT;
            case DECIMAL -> other.digits() > 0 && other.digits() <= precision - scale;
            case DOUBLE -> other.kind == Kind.SHORT || other.kind == Kind.INT;
            case STRING -> other.kind == Kind.XML;
            case XML -> other.kind == Kind.STRING;
            default -> false;
        };
    }

    /** Whether a column of this type, which is one of INT, LONG and DECIMAL, holds a number exactly. */
    boolean holds(BigDecimal number) {
        if (Numbers.isExtreme(number)) {
            return false;
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return switch (kind) {
            case INT -> Numbers.isWhole(stripped) && Numbers.isWithin(stripped, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> Numbers.isWhole(stripped) && Numbers.isWithin(stripped, Long.MIN_VALUE, Long.MAX_VALUE);
            case DECIMAL -> stripped.scale() <= scale && stripped.precision() - stripped.scale() <= precision - scale;
            default -> throw new IllegalStateException(kind + " is no type of exact numbers");
        };
    }

    /** The most digits of a whole number; 0 for other types. */
    private int digits() {
        return switch (kind) {
            case SHORT -> 5;
            case INT -> 10;
            case LONG -> 19;
            default -> 0;
        };
    }

    /** Whether values of this type can be of any length. */
    boolean hasLength() {
        return switch (kind) {
            case STRING, XML, JSON, BINARY -> true;
            default -> false;
        };
    }

    private String utcTime(JsonNode value) {
        if (!(CursorFormat.DEFAULT.read(value) instanceof TimePosition time)) {
            throw unfit(value, CompactDate.is(value) ? CompactDate.REASON : "not a time");
        }
        return utcTime(time.instant(), value);
    }

    /** The canonical text of the instant that {@code value} means. */
    String utcTime(Instant instant, JsonNode value) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        if (time.getYear() < 1 || time.getYear() > 9999) {
            throw unfit(value, "not in the years 0001 to 9999");
        }
        return IsoTime.sql(time, "+00");
    }

    private String naiveTime(JsonNode value) {
        IsoTime time = IsoTime.parse(string(value));
        if (time == null || time.local().getYear() < 1) {
            throw unfit(value, "not a date and time");
        }
        if (time.offset() != null) {
            throw unfit(value, "has an offset, which the column can't keep");
        }
        return IsoTime.sql(time.local(), "");
    }

    private String date(JsonNode value) {
        IsoTime time = IsoTime.parse(string(value));
        if (time == null || time.separator() != null || time.local().getYear() < 1) {
            throw unfit(value, "not a date");
        }
        return time.local().toLocalDate().toString();
    }

    private String bool(JsonNode value) {
        String text = value.asText();
        if (!(value.isBoolean() || value.isTextual()) || !("true".equals(text) || "false".equals(text))) {
            throw unfit(value, "not true or false");
        }
        return text;
    }

    private String binary(JsonNode value) {
        try {
            return HexFormat.of().formatHex(Base64.getDecoder().decode(string(value)));
        } catch (IllegalArgumentException e) {
            throw unfit(value, "not Base64");
        }
    }

    String string(JsonNode value) {
        if (!value.isTextual()) {
            throw unfit(value, "not text");
        }
        return value.textValue();
    }

    private UnfitValueException unfit(JsonNode value, String why) {
        return new UnfitValueException(this, value, why);
    }

    @Override
    public String toString() {
        return kind == Kind.DECIMAL ? "DECIMAL(" + precision + "," + scale + ")" : kind.name();
    }
}
