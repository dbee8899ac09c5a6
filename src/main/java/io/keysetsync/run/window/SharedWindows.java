package io.keysetsync.run.window;

import io.keysetsync.FencedException;
import io.keysetsync.RunStatus;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.paging.Paging;
import io.keysetsync.run.Run;
import io.keysetsync.store.StoredWindow;
import io.keysetsync.store.SyncStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one run, and the lanes of this process that work on them. A lane claims a window, reads and saves it to
 * its end, and claims the next one, until no window is left. The run's first exchange is a lane itself, and ends the run
 * once all the others have ended.
 */
public final class SharedWindows {

    private static final Duration LOOK = Duration.ofMillis(500);

    private final Run run;
    private final SyncStore store;
    private final CommitWindow commit;
    private final String plan;
    private final Supplier<Paging> paging;
    private final String node;
    private final WindowChain chain;
    private final Clock clock = Clock.systemUTC();

    private final Pulse pulse = new Pulse();
    private final boolean isOwnRun;

    private final OpenLanes lanes;
    private volatile Duration done = Duration.ZERO;
    private volatile @Nullable Instant earliest;

    private SharedWindows(
            Run run, CommitWindow commit, String plan, Supplier<Paging> paging, String node, boolean isOwnRun) {
        this.run = run;
        this.isOwnRun = isOwnRun;
        this.lanes = new OpenLanes(isOwnRun ? 1 : 0, run.plan().parallelWindows());
        this.store = run.store();
        this.commit = commit;
        this.plan = plan;
        this.paging = paging;
        this.node = node;
        this.chain = new WindowChain(run.plan());
    }

    /**
     * Begins a run with the windows that an earlier run has left, or with new ones since the mark.
     *
     * @param plan by what the windows are made: those of another plan mean nothing
     * @param paging makes the paging of a window
     * @param node who runs
     */
    public static SharedWindows begin(Run run, CommitWindow commit, String plan, Supplier<Paging> paging, String node) {
        run.store().stateTables().createWindows();
        SharedWindows windows = new SharedWindows(run, commit, plan, paging, node, true);
        run.store().inTransaction(windows::resume);
        commit.belongTo(windows);
        return windows;
    }

    /** Joins a run that another process has begun. */
    public static SharedWindows join(Run run, CommitWindow commit, String plan, Supplier<Paging> paging, String node) {
        SharedWindows windows = new SharedWindows(run, commit, plan, paging, node, false);
        commit.belongTo(windows);
        return windows;
    }

    private void resume() {
        Mark mark = locked();
        store.windows().lockRuns(run.stream());
        if (!store.windows().fit(run.stream(), mark.version(), plan)) {
            store.windows().drop(run.stream());
        }
        for (StoredWindow each : store.windows().of(run.stream())) {
            StoredWindow own = chain.resumed(each, run.id());
            if (own == null) {
                store.windows().delete(each.id());
            } else {
                store.windows().update(own);
            }
        }
        if (store.windows().of(run.stream()).isEmpty()) {
            add(chain.first(mark, run.id(), clock.instant()), mark);
        }
        CommitWindow.pass(store, run, commit.owner(), mark);
        earliest = store.windows().of(run.stream()).get(0).from();
    }

    private void add(StoredWindow window, Mark mark) {
        store.windows().add(run.stream(), window, mark.version(), plan);
    }

    /** Locks the run's row; returns the mark. */
    private Mark locked() {
        if (!store.runs().lock(run.id())) {
            throw CommitWindow.lost(run.stream());
        }
        return store.cursors().read(run.stream());
    }

    /** The lanes of this process. */
    public OpenLanes lanes() {
        return lanes;
    }

    /**
     * Claims the next window for a lane whose window is complete.
     *
     * @return whether the lane has another window
     */
    public boolean next(Run lane) {
        lane.stop().check(null);
        CommitWindow own = (CommitWindow) lane.commit();
        StoredWindow before = own.window();
        StoredWindow claimed = lane.isFurtherLane() && lanes.areTooMany() ? null : claim();
        if (before != null) {
            noteDone(before);
        }
        if (claimed == null) {
            return false;
        }
        own.claimed(claimed);
        lane.read(chain.reading(claimed, paging.get()));
        return true;
    }

    /** Opens a further lane with a window; null if there are as many lanes as allowed here, or if no window is left. */
    public @Nullable Run open() {
        if (lanes.areEnough()) {
            return null;
        }
        StoredWindow claimed = claim();
        if (claimed == null) {
            return null;
        }
        CommitWindow other = commit.another();
        other.claimed(claimed);
        return run.lane("/" + lanes.add(), other, chain.reading(claimed, paging.get()));
    }

    private @Nullable StoredWindow claim() {
        if (lanes.failure() != null) {
            return null;
        }
        List<StoredWindow> claims = new ArrayList<>();
        store.inTransaction(() -> {
            Mark mark = locked();
            if (!store.windows().isMovedBy(run.stream(), mark.version())) {
                throw CommitWindow.lost(run.stream());
            }
            StoredWindow free = free(mark);
            if (free != null) {
                StoredWindow own = free.claimedBy(node);
                store.windows().update(own);
                claims.add(own);
            }
        });
        return claims.isEmpty() ? null : claims.get(0);
    }

    /**
     * The earliest window that nobody has; a new one if there is none, up to the window that ends now. None if the run has
     * failed elsewhere, or if as many windows as allowed are asked for.
     */
    private @Nullable StoredWindow free(Mark mark) {
        List<StoredWindow> all = store.windows().of(run.stream());
        long atHand =
                all.stream().filter(each -> each.isRunning() && !isDead(each)).count();
        boolean isOver = all.stream().anyMatch(StoredWindow::isFailed)
                || atHand >= run.plan().parallelWindows();
        if (isOver) {
            return null;
        }
        for (StoredWindow each : all) {
            if (each.isFree() || (each.isRunning() && isDead(each))) {
                return each;
            }
        }
        StoredWindow last = all.get(all.size() - 1);
        if (last.isLast()) {
            return null;
        }
        StoredWindow next = chain.after(last, mark, run.id(), clock.instant());
        add(next, mark);
        return next;
    }

    /** Only the process that began the run looks for dead ones: if that process dies, another run begins. */
    private boolean isDead(StoredWindow window) {
        return isOwnRun && !node.equals(window.node()) && pulse.isDead(window);
    }

    /**
     * Waits for the windows of other processes, after no window was left for the run's first lane.
     *
     * @return whether that lane has got another window
     * @throws TerminalException if a window could not be read by another process
     */
    public boolean awaitOthers() throws InterruptedException {
        while (lanes.failure() == null) {
            List<StoredWindow> all = store.windows().of(run.stream());
            for (StoredWindow each : all) {
                if (each.isFailed()) {
                    throw new TerminalException(Objects.requireNonNullElse(each.error(), "stream " + run.stream()));
                }
            }
            if (all.stream().noneMatch(each -> each.isRunning() || each.isFree())) {
                return false;
            }
            run.stop().pause(LOOK, "windows that other nodes have");
            if (next(run)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Shows that this process lives.
     *
     * @return whether the run is still under way
     */
    public boolean beat() {
        boolean[] isUnderWay = new boolean[1];
        store.inTransaction(() -> {
            isUnderWay[0] = store.runs().lock(run.id());
            store.windows().beat(run.stream(), node);
        });
        return isUnderWay[0];
    }

    /**
     * Notes that a lane can't continue: no lane claims a window any more, and the run fails.
     *
     * @param line the error in one line
     * @return whether the process that began the run learns of it
     */
    public boolean failed(Run lane, RunStatus status, Throwable error, String line) {
        lanes.failed(error);
        StoredWindow window = ((CommitWindow) lane.commit()).window();
        boolean isNoted = window != null && store.windows().release(window, status, line);
        return isOwnRun || isNoted;
    }

    /**
     * Moves the mark over the last windows, and forgets them.
     *
     * @throws FencedException if the windows are no longer this run's
     */
    public void complete() {
        store.inTransaction(() -> {
            Mark mark = locked();
            List<StoredWindow> all = store.windows().of(run.stream());
            boolean isRead = store.windows().isMovedBy(run.stream(), mark.version())
                    && all.stream().allMatch(StoredWindow::isComplete)
                    && all.get(all.size() - 1).isLast();
            if (!isRead) {
                throw CommitWindow.lost(run.stream());
            }
            CommitWindow.pass(store, run, commit.owner(), mark);
            store.windows().drop(run.stream());
        });
    }

    private synchronized void noteDone(StoredWindow window) {
        done = done.plus(Duration.between(window.from(), window.to()));
    }

    /** The part of the time since the run's first window that this process has read. */
    @Nullable
    Double fraction(Instant now) {
        Instant begin = earliest;
        if (begin == null) {
            return null; // the process that began the run knows
        }
        double way = Duration.between(begin, now).toMillis();
        return way <= 0 ? 1 : Math.max(0, Math.min(1, done.toMillis() / way));
    }
}
