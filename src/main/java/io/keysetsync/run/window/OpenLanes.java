package io.keysetsync.run.window;

import io.keysetsync.InterruptedRunException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a run in this process, and why the first of them could not continue.
 *
 * <p>Lanes fetch at the same time, but save one page at a time: so they need no more connections than one lane, and can't
 * lock each other's rows; and the stream's own steps see one page at a time.
 */
public final class OpenLanes {

    private final Semaphore saving = new Semaphore(1, true);
    private final int first;
    private final int parallel;
    private int most;
    private int open;
    private int opened;
    private @Nullable Throwable failure;

    /**
     * The lanes of a process that has opened no further one yet.
     *
     * @param first how many lanes are open from the start, and are not waited for
     * @param parallel the most lanes of the run in all processes
     */
    OpenLanes(int first, int parallel) {
        this.first = first;
        this.parallel = parallel;
        this.most = parallel;
        this.open = first;
    }

    /**
     * Limits this process to its share of the run's lanes. A node that joins a long run finds that the others have all the
     * lanes; they close those beyond their share when a window is complete.
     *
     * @param nodes how many share the windows, this one included
     */
    public synchronized void shareAmong(int nodes) {
        most = (parallel + nodes - 1) / Math.max(1, nodes);
    }

    /** Whether this process has its share of the lanes. */
    synchronized boolean areEnough() {
        return open >= most;
    }

    /** Whether this process has more than its share of the lanes. */
    synchronized boolean areTooMany() {
        return open > most;
    }

    /** Adds a lane; returns its number. */
    synchronized int add() {
        open++;
        return ++opened;
    }

    /** Notes that a further lane has ended. */
    public synchronized void ended() {
        open--;
        notifyAll();
    }

    /** Waits until all further lanes have ended, even if the thread is interrupted: they write until then. */
    public synchronized void await() {
        boolean interrupted = false;
        while (open > first) {
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

    /** Notes an error, after which no lane claims a window any more. */
    synchronized void failed(Throwable error) {
        if (failure == null || failure instanceof InterruptedRunException) {
            failure = error;
        }
    }

    /** Why the run has failed; null if it hasn't. */
    public synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Waits until no other lane saves a page. */
    public void beginSave() throws InterruptedException {
        saving.acquire();
    }

    /** Lets the next lane save a page. */
    public void endSave() {
        saving.release();
    }
}
