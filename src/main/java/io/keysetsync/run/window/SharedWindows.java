package io.keysetsync.run.window;

import io.keysetsync.FencedException;
import io.keysetsync.InterruptedRunException;
import io.keysetsync.RunStatus;
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
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one run, and the lanes of this process that work on them. A lane claims a window, reads and saves it to
 * its end, and claims the next one, until no window is left. The run's first exchange is a lane itself, and ends the run
 * once all the others have ended.
 *
 * <p>Lanes fetch at the same time, but save one page at a time: so they need no more connections than one lane, and can't
 * lock each other's rows; and the stream's own steps see one page at a time.
 */
public final class SharedWindows {

    private final Run run;
    private final SyncStore store;
    private final CommitWindow commit;
    private final String plan;
    private final Supplier<Paging> paging;
    private final String node;
    private final WindowChain chain;
    private final Clock clock = Clock.systemUTC();
    private final Semaphore saving = new Semaphore(1, true);

    private int lanes = 1;
    private int opened = 1;
    private @Nullable Throwable failure;
    private volatile Duration done = Duration.ZERO;
    private volatile Instant earliest = Instant.MAX;

    private SharedWindows(Run run, CommitWindow commit, String plan, Supplier<Paging> paging, String node) {
        this.run = run;
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
        SharedWindows windows = new SharedWindows(run, commit, plan, paging, node);
        run.store().inTransaction(windows::resume);
        commit.belongTo(windows);
        run.measuredBy(windows::fraction);
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

    /**
     * Claims the next window for a lane whose window is complete.
     *
     * @return whether the lane has another window
     */
    public boolean next(Run lane) {
        lane.stop().check(null);
        CommitWindow own = (CommitWindow) lane.commit();
        StoredWindow before = own.window();
        if (before != null) {
            noteDone(before);
        }
        StoredWindow claimed = claim();
        if (claimed == null) {
            return false;
        }
        own.claimed(claimed);
        lane.read(chain.reading(claimed, paging.get()));
        return true;
    }

    /** Opens a further lane with a window; null if there are as many lanes as allowed, or if no window is left. */
    public @Nullable Run open() {
        if (lanes() >= run.plan().parallelWindows()) {
            return null;
        }
        StoredWindow claimed = claim();
        if (claimed == null) {
            return null;
        }
        CommitWindow other = commit.another();
        other.claimed(claimed);
        return run.lane("/" + opened(), other, chain.reading(claimed, paging.get()));
    }

    private synchronized int lanes() {
        return lanes;
    }

    private synchronized int opened() {
        lanes++;
        return ++opened;
    }

    private @Nullable StoredWindow claim() {
        if (failure() != null) {
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

    /** The earliest window that nobody has; a new one if there is none, up to the window that ends now. */
    private @Nullable StoredWindow free(Mark mark) {
        List<StoredWindow> all = store.windows().of(run.stream());
        for (StoredWindow each : all) {
            if (!each.isComplete() && !each.isRunning()) {
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

    /** Waits until no other lane saves a page. */
    public void beginSave() throws InterruptedException {
        saving.acquire();
    }

    /** Lets the next lane save a page. */
    public void endSave() {
        saving.release();
    }

    /** Notes that a lane can't continue: no lane claims a window any more, and the run fails. */
    public void failed(Run lane, RunStatus status, Throwable error) {
        synchronized (this) {
            boolean isBetter = failure == null || failure instanceof InterruptedRunException;
            failure = isBetter ? error : failure;
        }
        StoredWindow window = ((CommitWindow) lane.commit()).window();
        if (window != null) {
            store.windows().release(window, status);
        }
    }

    /** Why the run has failed; null if it hasn't. */
    public synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Notes that a further lane has ended. */
    public synchronized void ended() {
        lanes--;
        notifyAll();
    }

    /** Waits until all further lanes have ended, even if the thread is interrupted: they write until then. */
    public synchronized void awaitLanes() {
        boolean interrupted = false;
        while (lanes > 1) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
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
    private @Nullable Double fraction() {
        double way = Duration.between(earliest, clock.instant()).toMillis();
        return way <= 0 ? 1 : Math.max(0, Math.min(1, done.toMillis() / way));
    }
}
