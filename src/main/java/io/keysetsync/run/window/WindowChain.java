package io.keysetsync.run.window;

import io.keysetsync.RunStatus;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.cursor.Step;
import io.keysetsync.cursor.Window;
import io.keysetsync.paging.Paging;
import io.keysetsync.run.Reading;
import io.keysetsync.run.RunPlan;
import io.keysetsync.store.StoredWindow;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cuts the time from a stream's mark to now into windows, each of which begins where the one before it ends. */
final class WindowChain {

    private final RunPlan plan;
    private final CursorFormat format;
    private final Step step;

    WindowChain(RunPlan plan) {
        this.plan = plan;
        this.format = plan.format();
        this.step = Objects.requireNonNull(plan.step());
    }

    /** The first window since a mark. */
    StoredWindow first(Mark mark, String run, Instant now) {
        Instant from = ((TimePosition) Objects.requireNonNull(Reading.firstAsked(plan, mark))).instant();
        return window(0, from, mark.cursor(), run, now);
    }

    /** The window after another one, which another follows. */
    StoredWindow after(StoredWindow last, Mark mark, String run, Instant now) {
        String begin = last.isComplete()
                ? last.reached()
                : format.at(format.beforeEnd(last.to()), notation(last, mark)).text();
        return window(last.place() + 1, last.to(), begin, run, now);
    }

    /** A position in the notation in which the next cursor is written. */
    private @Nullable Position notation(StoredWindow last, Mark mark) {
        String text = mark.cursor() != null ? mark.cursor() : last.begin();
        return format.parse(text != null ? text : plan.initialCursor());
    }

    private StoredWindow window(long place, Instant from, @Nullable String begin, String run, Instant now) {
        Window window = Window.from(from, format, step, now);
        String id = UUID.randomUUID().toString();
        return new StoredWindow(
                id,
                place,
                from,
                window.end(),
                RunStatus.INTERRUPTED,
                null,
                0,
                run,
                window.isLast(),
                begin,
                null,
                0,
                null);
    }

    /**
     * A window of an earlier run, as this run has it: its claim is lost, and another window may follow it.
     *
     * @return null if the window has to be made again, as it ended at the time of that run
     */
    @Nullable
    StoredWindow resumed(StoredWindow window, String run) {
        boolean isCut = window.isLast() && !(window.isComplete() && window.reached() != null);
        if (isCut) {
            return null;
        }
        Instant to = window.isLast() ? next(window) : window.to();
        return new StoredWindow(
                window.id(),
                window.place(),
                window.from(),
                to,
                window.isComplete() ? RunStatus.COMPLETE : RunStatus.INTERRUPTED,
                window.node(),
                window.claim() + 1,
                run,
                false,
                window.begin(),
                window.reached(),
                window.beat(),
                null);
    }

    /** Where the window begins that follows the last one of an earlier run. */
    private Instant next(StoredWindow last) {
        Position reached = format.parse(Objects.requireNonNull(last.reached()));
        Instant seen = ((TimePosition) Objects.requireNonNull(reached)).instant();
        return seen.isAfter(last.from()) ? seen : last.from();
    }

    /** Reads a window. */
    Reading reading(StoredWindow window, Paging paging) {
        return Reading.ofWindow(
                plan,
                paging,
                new Window(format, step, window.to(), window.isLast()),
                new Mark(window.begin(), 0),
                new Mark(window.reached(), 0));
    }

    /**
     * Where the mark may go: over the windows that are complete without a gap.
     *
     * @param complete these windows, the earliest first
     * @return the mark's own text, unless the mark may move
     */
    @Nullable
    String markAfter(Mark mark, List<StoredWindow> complete) {
        Position to = mark.cursor() == null ? null : format.parse(mark.cursor());
        for (StoredWindow window : complete) {
            to = Position.later(to, window.reached() == null ? null : inNotationOf(to, window));
        }
        return to == null ? null : to.text();
    }

    /** Where a window ends; of a window without a value, in the notation of the values before it. */
    private @Nullable Position inNotationOf(@Nullable Position values, StoredWindow window) {
        Position reached = format.parse(Objects.requireNonNull(window.reached()));
        if (window.isLast() || values == null || window.begin() == null) {
            return reached;
        }
        boolean isBare = format.at(format.beforeEnd(window.to()), format.parse(window.begin()))
                .equals(reached);
        if (!isBare) {
            return reached;
        }
        Position same = format.at(format.beforeEnd(window.to()), values);
        return same.compareTo(Objects.requireNonNull(reached)) == 0 ? same : reached;
    }
}
