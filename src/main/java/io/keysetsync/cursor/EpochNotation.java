package io.keysetsync.cursor;

import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.CompactDate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Times as numbers of the Unix epoch.
 *
 * @param fraction how many digits follow the point
 */
record EpochNotation(EpochUnit unit, int fraction) implements TimeNotation.Sent {

    private static final int MAX_WHOLE_DIGITS = 18;
    private static final int NANO_DIGITS = 9;
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    /** Whether a text is a number in decimal digits, with or without a fraction. */
    static boolean isNumber(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        int point = text.indexOf('.');
        int end = point < 0 ? text.length() : point;
        return isDigits(text, from, end) && (point < 0 || isDigits(text, point + 1, text.length()));
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }

    /** The notation of a number; null if its size or its digits can't be those of a time. */
    static @Nullable EpochNotation of(String number) {
        int point = number.indexOf('.');
        String whole = point < 0 ? number : number.substring(0, point);
        int digits = whole.startsWith("-") ? whole.length() - 1 : whole.length();
        if (digits > MAX_WHOLE_DIGITS || CompactDate.is(whole)) {
            return null;
        }
        EpochUnit unit = EpochUnit.of(Long.parseLong(whole));
        return unit == null ? null : new EpochNotation(unit, point < 0 ? 0 : number.length() - point - 1);
    }

    /** The time that a number means; null if its size is not that of a time, or it has digits beyond nanoseconds. */
    static @Nullable Instant read(String number) {
        EpochNotation notation = of(number);
        if (notation == null) {
            return null;
        }
        if (notation.fraction == 0) {
            return notation.unit.instant(Long.parseLong(number));
        }
        BigDecimal nanos = new BigDecimal(number)
                .movePointRight(NANO_DIGITS - notation.unit.digits())
                .stripTrailingZeros();
        return nanos.scale() > 0 ? null : ofNanos(nanos.toBigInteger());
    }

    private static Instant ofNanos(BigInteger nanos) {
        long nano = nanos.mod(NANOS).longValue();
        return Instant.ofEpochSecond(
                nanos.subtract(BigInteger.valueOf(nano)).divide(NANOS).longValue(), nano);
    }

    @Override
    public TimePosition at(Instant time) {
        if (fraction == 0) {
            long count = unit.count(time);
            return new TimePosition(Long.toString(count), unit.instant(count));
        }
        BigDecimal number = BigDecimal.valueOf(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS))
                .movePointRight(unit.digits())
                .setScale(fraction, RoundingMode.FLOOR);
        BigDecimal nanos = number.movePointRight(NANO_DIGITS - unit.digits());
        return new TimePosition(number.toPlainString(), ofNanos(nanos.toBigInteger()));
    }

    @Override
    public Instant unitBefore(Instant time) {
        return time.minus(Duration.ofNanos((long) Math.pow(10, NANO_DIGITS - unit.digits())));
    }
}
