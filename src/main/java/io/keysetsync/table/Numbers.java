package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** Canonical texts of numbers, and what is no exact number of a column's type. */
final class Numbers {

    /** Exponents beyond it are not written out, nor computed with: {@code 1e999999999} would be a gigabyte of zeros. */
    private static final int MAX_EXPONENT = 1000;
    /** The longest text that is read as a number: the time that it takes grows faster than the text. */
    private static final int MAX_NUMBER_LENGTH = 400;

    /** So many digits are always read back unchanged (C11, 5.2.4.2.2: FLT_DIG, DBL_DIG). */
    private static final MathContext SHORT_FLOAT = new MathContext(6);

    private static final MathContext SHORT_DOUBLE = new MathContext(15);

    private Numbers() {}

    static String integer(ColumnType type, JsonNode value, long least, long greatest) {
        if (value.isIntegralNumber() && value.canConvertToLong()) { // all but a few; needs no BigDecimal
            long number = value.longValue();
            if (number < least || number > greatest) {
                throw new UnfitValueException(type, value, "out of range");
            }
            return Long.toString(number);
        }
        BigDecimal number = number(type, value).stripTrailingZeros();
        if (!isWithin(number, least, greatest)) {
            throw new UnfitValueException(type, value, "out of range");
        }
        if (!isWhole(number)) {
            throw new UnfitValueException(type, value, "not a whole number");
        }
        return Long.toString(number.longValueExact());
    }

    static String decimal(ColumnType type, JsonNode value) {
        BigDecimal number = number(type, value).stripTrailingZeros();
        if (!type.holds(number)) {
            throw new UnfitValueException(type, value, "has more digits than the column");
        }
        return number.toPlainString();
    }

    /**
     * Converts a number that is read back with the same digits, to one text for all ways to write it. Java 17 writes some
     * numbers with more digits than they need (JDK-4511638), so a shorter number that gives the same double is exact, too.
     */
    static String floating(ColumnType type, JsonNode value) {
        boolean isFloat = type.kind() == ColumnType.Kind.FLOAT;
        BigDecimal number = number(type, value).stripTrailingZeros();
        if (isShort(number, isFloat)) {
            return number.toString();
        }
        double nearest = nearest(number, isFloat);
        if (Double.isInfinite(nearest)) {
            throw new UnfitValueException(type, value, "out of range");
        }
        BigDecimal kept = new BigDecimal(isFloat ? Float.toString((float) nearest) : Double.toString(nearest))
                .stripTrailingZeros();
        boolean isExact = kept.compareTo(number) == 0 || number.precision() < kept.precision();
        if (!isExact) {
            throw new UnfitValueException(type, value, "has more digits than the column keeps");
        }
        BigDecimal shorter = kept.round(isFloat ? SHORT_FLOAT : SHORT_DOUBLE).stripTrailingZeros();
        return (nearest(shorter, isFloat) == nearest ? shorter : kept).toString();
    }

    private static double nearest(BigDecimal number, boolean isFloat) {
        return isFloat ? number.floatValue() : number.doubleValue();
    }

    /** Whether a number has so few digits that every such number is read back unchanged. */
    private static boolean isShort(BigDecimal number, boolean isFloat) {
        int digits = (isFloat ? SHORT_FLOAT : SHORT_DOUBLE).getPrecision();
        int exponents = isFloat ? 30 : 290;
        return number.precision() <= digits && number.scale() >= -exponents && number.scale() <= exponents;
    }

    private static BigDecimal number(ColumnType type, JsonNode value) {
        BigDecimal number = value.isNumber() ? numeric(value) : written(type, value);
        if (number == null) {
            throw new UnfitValueException(type, value, "not a number");
        }
        if (isExtreme(number)) {
            throw new UnfitValueException(type, value, "has an exponent beyond ±" + MAX_EXPONENT);
        }
        return number;
    }

    /** The number that a text writes; null if it writes none. */
    private static @Nullable BigDecimal written(ColumnType type, JsonNode value) {
        String text = type.string(value);
        if (text.length() > MAX_NUMBER_LENGTH) {
            throw new UnfitValueException(
                    type, value, "has " + text.length() + " characters, and a number at most " + MAX_NUMBER_LENGTH);
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The value of a JSON number; null for NaN and the infinities, which a step of the stream's own may have made. */
    static @Nullable BigDecimal numeric(JsonNode number) {
        boolean isBinary = number.isDouble() || number.isFloat();
        return isBinary && !Double.isFinite(number.doubleValue()) ? null : number.decimalValue();
    }

    /** A value as JSON text; a number in plain decimal digits unless they would be too many. */
    static String plain(JsonNode value) {
        BigDecimal number = value.isFloatingPointNumber() ? numeric(value) : null;
        return number == null || isExtreme(number) ? value.toString() : number.toPlainString();
    }

    static boolean isWhole(BigDecimal stripped) {
        return stripped.scale() <= 0;
    }

    static boolean isWithin(BigDecimal number, long least, long greatest) {
        return number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(greatest)) <= 0;
    }

    static boolean isExtreme(BigDecimal number) {
        return number.scale() < -MAX_EXPONENT || number.scale() > MAX_EXPONENT;
    }
}
