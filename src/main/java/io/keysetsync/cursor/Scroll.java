package io.keysetsync.cursor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values seen so far in one scroll: a chain of pages that began with one cursor.
 *
 * @param start the cursor with which the scroll began; null if it began without one
 * @param greatest the greatest value seen
 * @param beforeGreatest the greatest value before that one: after a crash, the scroll can begin there and lose no ties
 * @param wentBackTo the least value that followed a greater one; null while the values ascend
 */
public record Scroll(
        @Nullable Position start,
        @Nullable Position greatest,
        @Nullable Position beforeGreatest,
        @Nullable Position wentBackTo) {

    /** A scroll that is about to ask for everything since {@code start}. */
    public static Scroll from(@Nullable Position start) {
        return new Scroll(start, null, null, null);
    }

    /** Adds a page's values, which are given in the page's order. */
    public Scroll after(List<Position> page) {
        Position last = greatest;
        Position beforeLast = beforeGreatest;
        Position back = wentBackTo;
        for (Position value : page) {
            int order = last == null ? 1 : value.compareTo(last);
            if (order > 0) {
                beforeLast = last;
                last = value;
            } else if (order < 0 && (back == null || value.compareTo(back) < 0)) {
                back = value;
            }
        }
        return new Scroll(start, last, beforeLast, back);
    }

    /** Whether the values have ascended so far. */
    public boolean ordered() {
        return wentBackTo == null;
    }
}
