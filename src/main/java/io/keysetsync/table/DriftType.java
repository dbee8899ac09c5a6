package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.table.ColumnType.Kind;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types of columns for fields that the schema lacks. They follow from the JSON types of a field's values, not from
 * what its texts look like.
 */
public final class DriftType {

    private static final ColumnType BOOLEAN = ColumnType.of(Kind.BOOLEAN);
    private static final ColumnType INT = ColumnType.of(Kind.INT);
    private static final ColumnType LONG = ColumnType.of(Kind.LONG);
    private static final ColumnType JSON = ColumnType.of(Kind.JSON);
    private static final ColumnType STRING = ColumnType.of(Kind.STRING);

    /** Digits before the point: those of the greatest unsigned number of 64 bits. */
    private static final int WHOLE_DIGITS = 20;

    /**
     * The types of numbers, narrowest first. Each holds every value of those before it, so that a column is widened
     * without a look at its values. There is no DOUBLE: each database writes one as text in its own way. Few steps mean
     * few rewrites of a table; 2 digits are a price's, 6 a rate's or a coordinate's, 18 those of most DOUBLEs, and 38 are
     * the most that MariaDB has.
     */
    private static final List<ColumnType> NUMBERS =
            List.of(INT, LONG, decimal(0), decimal(2), decimal(6), decimal(18), decimal(38));

    private DriftType() {}

    private static ColumnType decimal(int scale) {
        return new ColumnType(Kind.DECIMAL, WHOLE_DIGITS + scale, scale);
    }

    /** The narrowest type for one value, which is not null. */
    public static ColumnType of(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> BOOLEAN;
            case OBJECT, ARRAY -> JSON;
            case NUMBER -> ofNumber(value);
            default -> STRING;
        };
    }

    private static ColumnType ofNumber(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) { // all but a few; needs no BigDecimal
            return value.canConvertToInt() ? INT : LONG;
        }
        BigDecimal number = Numbers.numeric(value);
        return number == null
                ? STRING
                : NUMBERS.stream()
                        .filter(type -> type.holds(number))
                        .findFirst()
                        .orElse(STRING);
    }

    /** The narrowest type for the values of two. */
    public static ColumnType join(@Nullable ColumnType a, ColumnType b) {
        if (a == null || b.holds(a)) {
            return b;
        }
        return a.holds(b) ? a : STRING;
    }

    /** Whether a column of this type is given a wider one when a value doesn't fit. */
    public static boolean canWiden(ColumnType type) {
        return type.equals(BOOLEAN) || type.equals(JSON) || NUMBERS.contains(type);
    }
}
