package io.keysetsync.cursor;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;

/** The length of a window of time: years, months and days by the calendar (in UTC), the rest by the clock. */
public record Step(Period days, Duration time) {

    /**
     * Reads an ISO-8601 duration such as {@code P30D}, {@code P1M} or {@code PT6H}.
     *
     * @throws DateTimeException if the text is not a duration, or the duration is not longer than zero
     */
    public static Step parse(String text) {
        int clock = text.indexOf('T');
        String date = clock < 0 ? text : text.substring(0, clock);
        Step step = new Step(
                date.equals("P") && clock > 0 ? Period.ZERO : Period.parse(date),
                clock < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(clock)));
        if (step.days.isNegative() || step.time.isNegative() || (step.days.isZero() && step.time.isZero())) {
            throw new DateTimeException("not longer than zero");
        }
        return step;
    }

    /** The end of the window that begins at an instant. */
    public Instant after(Instant begin) {
        return begin.atOffset(ZoneOffset.UTC).plus(days).plus(time).toInstant();
    }

    @Override
    public String toString() {
        return (days.isZero() ? "P" : days.toString())
                + (time.isZero() ? "" : time.toString().substring(1));
    }
}
