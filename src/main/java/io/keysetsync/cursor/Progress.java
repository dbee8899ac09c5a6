package io.keysetsync.cursor;

import io.keysetsync.cursor.Position.TimePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a run may move its cursor: rules 3 and 4 as arithmetic on values. A progress never changes. Each page makes the
 * next one, which the run takes only when the page has been committed.
 *
 * <ul>
 *   <li>Mid-scroll the mark moves to the greatest value before the last distinct one. So ties that a page's edge cuts are
 *       asked for again after a crash, whether the API filters by {@code >=} or by {@code >}.
 *   <li>From the first value that goes back the mark is held. If this run had already stored a mark beyond that value, or
 *       had begun this scroll at one, the mark returns to the run's beginning.
 *   <li>The scroll's end moves the mark to the greatest value seen, if that scroll saw everything since the run's
 *       beginning. Otherwise ({@link #mustRescan}) the run reads once more from its beginning.
 * </ul>
 *
 * @param begin the mark with which the run began, or null
 * @param mark the mark as stored
 * @param first the first value that the run has seen, or null if it has seen none yet
 * @param ordered whether all the run's scrolls have ascended so far
 * @param scroll the scroll under way
 */
public record Progress(
        @Nullable Position begin, @Nullable Position mark, @Nullable Position first, boolean ordered, Scroll scroll) {

    /**
     * The progress of a run that is about to begin.
     *
     * @param mark the stored mark, or null
     * @param asked the cursor of the first request: the mark, or a lookback earlier
     */
    public static Progress from(@Nullable Position mark, @Nullable Position asked) {
        return new Progress(mark, mark, null, true, Scroll.from(asked));
    }

    /**
     * The progress once a page is saved.
     *
     * @param values the page's cursors in the page's order, without those that may not move the cursor (rule 5)
     * @param more whether the API said that there is more
     */
    public Progress after(List<Position> values, boolean more) {
        return after(values, more, null);
    }

    /**
     * The progress once a page of a window is saved.
     *
     * @param windowEnd where the mark moves at the window's end, and no further: what is later is asked for by the next
     *     window (rule 12); null if no other window follows
     */
    public Progress after(List<Position> values, boolean more, @Nullable Position windowEnd) {
        Scroll next = scroll.after(values);
        boolean ascending = ordered && next.ordered();
        Position earliest = first == null && !values.isEmpty() ? values.get(0) : first;
        return new Progress(begin, markAfter(next, ascending, more, windowEnd), earliest, ascending, next);
    }

    private @Nullable Position markAfter(Scroll next, boolean ascending, boolean more, @Nullable Position windowEnd) {
        if (!more && (ascending || sawAllSinceBegin())) {
            return Position.later(mark, windowEnd == null ? next.greatest() : windowEnd);
        }
        if (ascending) {
            Position reached = next.beforeGreatest();
            return Position.later(
                    mark, windowEnd != null && Position.isAfter(reached, windowEnd) ? windowEnd : reached);
        }
        boolean storedTooFar =
                Position.isAfter(mark, begin) && (!sawAllSinceBegin() || Position.isAfter(mark, next.wentBackTo()));
        return storedTooFar ? begin : mark;
    }

    /** Whether the scroll, at its end, may have missed values between the run's beginning and its own. */
    public boolean mustRescan() {
        return !ordered && !sawAllSinceBegin();
    }

    private boolean sawAllSinceBegin() {
        return !Position.isAfter(scroll.start(), begin);
    }

    /** Begins a new scroll within the run, from the stored mark or a lookback earlier. */
    public Progress restarted(@Nullable Position asked) {
        return new Progress(begin, mark, first, ordered, Scroll.from(asked));
    }

    /**
     * Continues by asking again for everything since a value that the scroll has seen (parameter {@code reanchor}).
     *
     * @param from that value as it is sent; a value before it goes back
     */
    public Progress reanchored(@Nullable Position from) {
        return new Progress(begin, mark, first, ordered, new Scroll(from, from, null, null));
    }

    /** Begins the next window of a run: the mark does not go behind the window's beginning (rule 12). */
    public Progress nextWindow() {
        return new Progress(mark, mark, first, true, Scroll.from(mark));
    }

    /**
     * The part of the time from the run's first value to now that the run has read, from 0 to 1. A value later than now
     * counts as now.
     *
     * @return null if no value was seen yet, if the values don't ascend and so say nothing about the rest, or if they are
     *     no times
     */
    public @Nullable Double fraction(Instant now) {
        if (!(first instanceof TimePosition from) || !ordered) {
            return null;
        }
        Position last = scroll.greatest() == null ? mark : scroll.greatest(); // the mark: no page since a restart
        double way = Duration.between(from.instant(), now).toMillis();
        double done = last instanceof TimePosition to
                ? Duration.between(from.instant(), to.instant()).toMillis()
                : 0;
        return way <= 0 ? 1 : Math.max(0, Math.min(1, done / way));
    }
}
