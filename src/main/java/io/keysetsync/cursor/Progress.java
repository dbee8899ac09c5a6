package io.keysetsync.cursor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a run's cursor may be: rules 3 and 4 as arithmetic on values. It never changes; each page gives the next one,
 * which becomes the run's own only when the page has been committed.
 *
 * <ul>
 *   <li>Mid-scroll the mark moves to the greatest value before the last distinct one, so that ties which a page's edge
 *       cuts are asked for again after a crash, whether the API filters by {@code >=} or by {@code >}.
 *   <li>From the first value that goes back it is held. If this run had already stored a mark beyond that value, or had
 *       begun this scroll at one, the mark returns to where the run began.
 *   <li>The scroll's end moves it to the greatest value seen, if that scroll saw everything since the run began.
 *       Otherwise ({@link #mustRescan}) the run reads once more from there.
 * </ul>
 *
 * @param begin the mark with which the run began; null where there was none
 * @param mark the mark as stored
 * @param first the first value that the run has seen; null if there was none yet
 * @param ordered whether all the run's scrolls have ascended so far
 * @param scroll the scroll under way
 */
public record Progress(
        @Nullable Position begin, @Nullable Position mark, @Nullable Position first, boolean ordered, Scroll scroll) {

    /**
     * A run that is about to begin.
     *
     * @param mark the stored mark; null where there is none
     * @param asked what will be asked for: the mark, or a lookback earlier
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
        Scroll next = scroll.after(values);
        boolean ascending = ordered && next.ordered();
        Position earliest = first == null && !values.isEmpty() ? values.get(0) : first;
        return new Progress(begin, markAfter(next, ascending, more), earliest, ascending, next);
    }

    private @Nullable Position markAfter(Scroll next, boolean ascending, boolean more) {
        if (!more && (ascending || sawAllSinceBegin())) {
            return Position.later(mark, next.greatest());
        }
        if (ascending) {
            return Position.later(mark, next.beforeGreatest());
        }
        boolean storedTooFar =
                Position.isAfter(mark, begin) && (!sawAllSinceBegin() || Position.isAfter(mark, next.wentBackTo()));
        return storedTooFar ? begin : mark;
    }

    /** Whether, at the end of the scroll, values between the run's beginning and the scroll's may have been missed. */
    public boolean mustRescan() {
        return !ordered && !sawAllSinceBegin();
    }

    private boolean sawAllSinceBegin() {
        return !Position.isAfter(scroll.start(), begin);
    }

    /** A new scroll within the run, from the stored mark or a lookback earlier. */
    public Progress restarted(@Nullable Position asked) {
        return new Progress(begin, mark, first, ordered, Scroll.from(asked));
    }

    /**
     * Whether asking again since the greatest value gets the run further (paging {@code reanchor}). Only where values
     * were seen to ascend: in a feed that descends it would skip all that is older.
     */
    public boolean canReanchor() {
        return ordered && scroll.ascended() && Position.isAfter(scroll.greatest(), scroll.start());
    }

    /** The same scroll, going on by asking again for everything since its greatest value. */
    public Progress reanchored() {
        return new Progress(begin, mark, first, ordered, scroll.reanchored());
    }

    /**
     * How far the run has come on the way from its first value to now, from 0 to 1. A value later than now counts as now.
     *
     * @return null if no value was seen yet, or if the values don't ascend, so that they don't tell how far it is
     */
    public @Nullable Double fraction(Instant now) {
        if (first == null || !ordered) {
            return null;
        }
        Position last = scroll.greatest() == null ? mark : scroll.greatest(); // the mark: no page since a restart
        double way = Duration.between(first.instant(), now).toMillis();
        double done = last == null
                ? 0
                : Duration.between(first.instant(), last.instant()).toMillis();
        return way <= 0 ? 1 : Math.max(0, Math.min(1, done / way));
    }
}
