package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.table.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The narrowest type that keeps all values of a field exactly: of their JSON types, not of what their texts look like.
 *
 * @param kind BOOLEAN, INT, LONG, DOUBLE, JSON or STRING
 * @param beyondDouble whether one of the whole numbers is too long for a DOUBLE
 */
public record DriftType(Kind kind, boolean beyondDouble) {

    /** The greatest number up to which a DOUBLE has every whole number: 2⁵³. */
    public static final long EXACT_IN_DOUBLE = 1L << 53;

    private static final Set<Kind> WIDENED = Set.of(Kind.BOOLEAN, Kind.INT, Kind.LONG, Kind.DOUBLE, Kind.JSON);

    /** The type of one value, which is not null. */
    public static DriftType of(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> new DriftType(Kind.BOOLEAN, false);
            case OBJECT, ARRAY -> new DriftType(Kind.JSON, false);
            case NUMBER -> ofNumber(value);
            default -> new DriftType(Kind.STRING, false);
        };
    }

    private static DriftType ofNumber(JsonNode value) {
        if (fits(Kind.INT, value)) {
            return new DriftType(Kind.INT, false);
        }
        if (fits(Kind.LONG, value)) {
            return new DriftType(Kind.LONG, isBeyondDouble(value.decimalValue()));
        }
        return new DriftType(fits(Kind.DOUBLE, value) ? Kind.DOUBLE : Kind.STRING, false);
    }

    private static boolean isBeyondDouble(BigDecimal number) {
        return number.abs().compareTo(new BigDecimal(BigInteger.valueOf(EXACT_IN_DOUBLE))) > 0;
    }

    private static boolean fits(Kind kind, JsonNode value) {
        try {
            ColumnType.of(kind).text(value);
            return true;
        } catch (UnfitValueException e) {
            return false;
        }
    }

    /** The narrowest type for the values of two. */
    public static DriftType join(@Nullable DriftType a, DriftType b) {
        if (a == null) {
            return b;
        }
        boolean beyond = a.beyondDouble || b.beyondDouble;
        if (a.kind == b.kind) {
            return new DriftType(a.kind, beyond);
        }
        if (!a.isNumber() || !b.isNumber()) {
            return new DriftType(Kind.STRING, false);
        }
        if (a.kind != Kind.DOUBLE && b.kind != Kind.DOUBLE) {
            return new DriftType(Kind.LONG, beyond);
        }
        return new DriftType(beyond ? Kind.STRING : Kind.DOUBLE, false);
    }

    /** Whether a column of that kind is given a wider type when a value doesn't fit. */
    public static boolean canWiden(Kind kind) {
        return WIDENED.contains(kind);
    }

    private boolean isNumber() {
        return kind == Kind.INT || kind == Kind.LONG || kind == Kind.DOUBLE;
    }

    public ColumnType type() {
        return ColumnType.of(kind);
    }
}
