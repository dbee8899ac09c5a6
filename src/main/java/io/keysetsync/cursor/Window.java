package io.keysetsync.cursor;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the time since a run's cursor, which the run asks for in a separate scroll (parameter {@code step}).
 *
 * @param end finer digits than the sent notation has are cut when it is sent
 * @param isLast whether the window ends now, so that no other follows
 */
public record Window(CursorFormat format, Step step, Instant end, boolean isLast) {

    /** The window that begins at an instant; it ends now at the latest. */
    public static Window from(Instant begin, CursorFormat format, Step step, Instant now) {
        Instant end = step.after(begin);
        return end.isBefore(now) ? new Window(format, step, end, false) : new Window(format, step, now, true);
    }

    /** The window that follows: it begins where this one ends. */
    public Window next(Instant now) {
        return from(end, format, step, now);
    }

    /** The end as it is sent. */
    public String sentEnd() {
        return format.sent(end);
    }

    /** Where the next window begins: one unit of the sent notation before this one's end, so that nothing falls between. */
    public Position nextBegin(Progress progress) {
        return beforeEnd(progress.scroll(), progress.mark());
    }

    /**
     * Where the mark moves at this window's end, in the notation of the values seen; null for the last window, whose mark
     * is the greatest value seen.
     *
     * @param page the values of the page that may end the window, which the progress does not know yet
     */
    @Nullable
    public Position markAtEnd(Progress progress, List<Position> page) {
        return isLast ? null : beforeEnd(progress.scroll().after(page), progress.mark());
    }

    private Position beforeEnd(Scroll seen, @Nullable Position mark) {
        return format.at(format.beforeEnd(end), seen.greatest() == null ? mark : seen.greatest());
    }
}
