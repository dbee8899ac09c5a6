package io.keysetsync.run;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.cursor.Progress;
import io.keysetsync.cursor.Window;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a scroll of a run starts.
 *
 * @param progress of the run at that moment
 * @param asked the position to ask since; null if there is none
 * @param cursor that position, or {@code initialCursor}, as it is sent; empty to send none
 */
record ScrollStart(Progress progress, @Nullable Position asked, String cursor) {

    /** A scroll that starts at the stored cursor, or at a lookback earlier if the run has not moved that cursor yet. */
    static ScrollStart of(RunPlan plan, Progress progress, Instant now) {
        Position from = progress.mark();
        if (from == null) {
            Position initial = plan.format().parse(plan.initialCursor());
            Position asked = remembered(plan, initial, now);
            boolean isAsWritten = asked == null || asked == initial;
            return new ScrollStart(
                    progress.restarted(null),
                    asked,
                    isAsWritten ? plan.initialCursor() : plan.format().sent(asked));
        }
        boolean hasMoved = !from.equals(progress.begin());
        return since(plan, progress, hasMoved ? from : plan.format().earlier(from, plan.lookback()), now);
    }

    /** The scroll of the window that follows one which has been read to its end. */
    static ScrollStart after(Window last, RunPlan plan, Progress progress, Instant now) {
        Position from = plan.format().earlier(last.nextBegin(progress), plan.lookback());
        return since(plan, progress.nextWindow(), from, now);
    }

    private static ScrollStart since(RunPlan plan, Progress progress, Position from, Instant now) {
        CursorFormat format = plan.format();
        Position asked = remembered(plan, from, now);
        return new ScrollStart(progress.restarted(format.asSent(asked)), asked, format.sent(asked));
    }

    /** A position that the API remembers: the given one, or the earliest one within {@code retention}. */
    private static @Nullable Position remembered(RunPlan plan, @Nullable Position asked, Instant now) {
        if (plan.retention() == null || !(asked instanceof TimePosition time)) {
            return asked;
        }
        Instant earliest = now.minus(plan.retention());
        return time.instant().isBefore(earliest) ? plan.format().at(earliest, asked) : asked;
    }
}
