package io.keysetsync.cursor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an epoch number counts, which its size tells: seconds; milliseconds from 10^11 on (as seconds that would be the
 * year 5138); microseconds beyond {@link #LAST_MILLISECONDS}. The last second of the year 9999 and the one after it, which
 * stand for "never", are seconds.
 */
public enum EpochUnit {
    SECONDS(0),
    MILLISECONDS(3),
    MICROSECONDS(6);

    /** The least number of milliseconds. */
    public static final long FIRST_MILLISECONDS = 100_000_000_000L;
    /** The greatest number of milliseconds, in the year 11476. As microseconds it would be a time in 1979. */
    public static final long LAST_MILLISECONDS = 300_000_000_000_000L;
    /** 9999-12-31T23:59:59Z in seconds. As milliseconds it would be a time in 1978. */
    public static final long LAST_SECOND = 253_402_300_799L;
    /** The greatest number of microseconds, at the end of the year 9999; a greater number is no time. */
    public static final long LAST_MICROSECONDS = LAST_SECOND * 1_000_000 + 999_999;
    /** The least number of microseconds, the beginning of the year 1. */
    public static final long LEAST_MICROSECONDS = -62_135_596_800_000_000L;

    private static final int NANO_DIGITS = 9;

    private final int digits;
    private final long perSecond;
    private final int nanos;

    EpochUnit(int digits) {
        this.digits = digits;
        this.perSecond = (long) Math.pow(10, digits);
        this.nanos = (int) Math.pow(10, NANO_DIGITS - digits);
    }

    /** The unit of a number; null if the number is too large for a time. */
    static @Nullable EpochUnit of(long number) {
        if ((number > -FIRST_MILLISECONDS && number < FIRST_MILLISECONDS)
                || number == LAST_SECOND
                || number == LAST_SECOND + 1) {
            return SECONDS;
        }
        if (number >= -LAST_MILLISECONDS && number <= LAST_MILLISECONDS) {
            return MILLISECONDS;
        }
        return number >= LEAST_MICROSECONDS && number <= LAST_MICROSECONDS ? MICROSECONDS : null;
    }

    /** How many decimal digits of a second the unit has. */
    int digits() {
        return digits;
    }

    Instant instant(long count) {
        return switch (this) {
            case SECONDS -> Instant.ofEpochSecond(count);
            case MILLISECONDS -> Instant.ofEpochMilli(count);
            case MICROSECONDS ->
                Instant.ofEpochSecond(Math.floorDiv(count, perSecond), Math.floorMod(count, perSecond) * nanos);
        };
    }

    /** How many whole units a time is after the epoch. */
    long count(Instant time) {
        return time.getEpochSecond() * perSecond + time.getNano() / nanos;
    }
}
