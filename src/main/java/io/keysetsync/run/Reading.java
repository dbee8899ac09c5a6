package io.keysetsync.run;

import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.cursor.Progress;
import io.keysetsync.cursor.Scroll;
import io.keysetsync.cursor.Window;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import io.keysetsync.store.JdbcCursorRepository;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run asks for, and how far it has read: up to one page further than what is saved. A {@link Paging} decides what
 * is asked for. Belongs to the branch of the run that fetches.
 */
public final class Reading {

    private final RunPlan plan;
    private final Paging paging;
    private final boolean readsOneWindow;

    private Progress progress;
    private @Nullable PageRequest request;
    private @Nullable Page last;
    private boolean isRead;
    private boolean isRefused;
    private @Nullable Restart lastRestart;
    private int failedAttempts;
    private @Nullable Window window;

    /** The mark at the time when a refused token made the run start over. */
    private record Restart(@Nullable Position mark) {}

    /**
     * Makes the reading of a run.
     *
     * @param readsOneWindow whether the reading ends with its first window
     */
    Reading(RunPlan plan, Mark mark, Paging paging, boolean readsOneWindow) {
        this.plan = plan;
        this.paging = paging;
        this.readsOneWindow = readsOneWindow;
        this.progress = from(mark);
    }

    /**
     * The reading of one window, which asks for nothing after it.
     *
     * @param begin the cursor since which the window asks, without a lookback; null to ask since {@code initialCursor}
     * @param reached the cursor up to which the window was read before; null if that is not known
     */
    public static Reading ofWindow(RunPlan plan, Paging paging, Window window, Mark begin, Mark reached) {
        Reading reading = new Reading(plan, begin, paging, true);
        Position from = reading.progress.mark();
        Position mark = Position.later(from, reading.from(reached).mark());
        reading.progress = new Progress(from, mark, null, true, Scroll.from(from));
        reading.window = window;
        reading.restart();
        return reading;
    }

    /** The position since which a run that has this mark would ask first; null if it asks for everything. */
    public static @Nullable Position firstAsked(RunPlan plan, Mark mark) {
        Progress progress = Progress.from(JdbcCursorRepository.positionOf(plan.stream(), mark, plan.format()), null);
        return ScrollStart.of(plan, progress, Instant.now()).asked();
    }

    /** The request with which a run that has this mark would begin. */
    public static PageRequest first(RunPlan plan, Mark mark, Paging paging) {
        Reading reading = new Reading(plan, mark, paging, true);
        reading.restart();
        return reading.request();
    }

    private Progress from(Mark mark) {
        return Progress.from(JdbcCursorRepository.positionOf(plan.stream(), mark, plan.format()), null);
    }

    /** Begins at a mark. */
    void beginAt(Mark mark) {
        progress = from(mark);
        window = null;
        restart();
    }

    /** Whether there is something to ask for, or to decide. */
    boolean continues() {
        return request != null || last != null || isRefused;
    }

    /** Whether there is something to ask for. */
    boolean asks() {
        return request != null;
    }

    /** What to ask the API for. */
    public PageRequest request() {
        return Objects.requireNonNull(request, "there is nothing to ask for");
    }

    /** The progress as of the last page that has arrived. */
    Progress progress() {
        return progress;
    }

    /** Takes the answer to the request; returns the progress once it is saved. */
    Progress received(Page answer) {
        failedAttempts = 0;
        Position end = window == null ? null : window.markAtEnd(progress, answer.positions());
        boolean isLast = paging.isLast(answer);
        progress = progress.after(answer.positions(), !isLast, end);
        isRead = isLast && !progress.mustRescan();
        last = answer;
        request = null;
        return progress;
    }

    /** Whether the page that arrived last is the last one of its scroll, and no other scroll has to follow. */
    boolean isRead() {
        return isRead;
    }

    /** Decides what to ask for after the last page, or after a refusal. */
    void plan() {
        if (isRefused) {
            isRefused = false;
            restart();
        } else if (last != null) {
            Page read = last;
            last = null;
            follow(paging.after(read, progress));
        }
    }

    /** Continues as an inspection, or the paging, has decided. */
    public void follow(Next next) {
        if (next instanceof Next.Ask ask) {
            progress = ask.progress();
            request = ask.request();
        } else if (next instanceof Next.Rescan) {
            restart();
        } else if (window != null && !window.isLast() && !readsOneWindow) {
            nextWindow(window);
        } else {
            request = null;
        }
    }

    private void restart() {
        ask(ScrollStart.of(plan, progress, Instant.now()));
    }

    /** Starts a scroll for the window after one that has been read to its end. */
    private void nextWindow(Window read) {
        lastRestart = null;
        window = read.next(Instant.now());
        ask(ScrollStart.after(read, plan, progress, Instant.now()));
    }

    private void ask(ScrollStart start) {
        Instant now = Instant.now();
        if (plan.step() != null && window == null && start.asked() instanceof TimePosition time) {
            window = Window.from(time.instant(), plan.format(), plan.step(), now);
        }
        progress = start.progress();
        request = paging.first(start.cursor(), window == null ? plan.format().sent(now) : window.sentEnd());
    }

    /**
     * Starts over because the API refused the scroll token (rule 8), once the pages that came before are saved: the
     * scroll starts at the stored cursor.
     *
     * @return false if no token was sent, or if the run has started over before and its cursor has not moved since
     */
    public boolean restartAfterRefusal() {
        boolean futile = lastRestart != null && !Position.isAfter(progress.mark(), lastRestart.mark());
        if (request == null || !request.continuesScroll() || futile) {
            return false;
        }
        lastRestart = new Restart(progress.mark());
        failedAttempts = 0;
        request = null;
        isRefused = true;
        return true;
    }

    /** Counts a failed attempt at the request; returns the number of failed attempts. */
    public int attemptFailed() {
        return ++failedAttempts;
    }

    /** Ends the reading, which then asks for nothing more. */
    void end() {
        request = null;
        last = null;
        isRefused = false;
    }
}
