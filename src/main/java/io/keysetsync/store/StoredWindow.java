package io.keysetsync.store;

import io.keysetsync.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code keyset_sync_window}: a window of a stream whose windows are asked for in parallel.
 *
 * @param id the row's key
 * @param place counts the windows of a stream in their order
 * @param status {@code running} while a runner has the window; {@code complete}; else the window can be claimed
 * @param node who claimed the window last
 * @param claim counts the claims: who holds an earlier one has lost the window
 * @param run the run that the window belongs to
 * @param isLast whether the window ends at the time when it was made, so that no other follows it in that run
 * @param begin the cursor since which the window asks, without a lookback; null to ask since {@code initialCursor}
 * @param reached the cursor up to which the window's pages are saved; null if that is not known yet
 * @param beat grows while the runner that has the window lives
 * @param error why the window could not be read; null unless it has failed
 */
public record StoredWindow(
        String id,
        long place,
        Instant from,
        Instant to,
        RunStatus status,
        @Nullable String node,
        long claim,
        String run,
        boolean isLast,
        @Nullable String begin,
        @Nullable String reached,
        long beat,
        @Nullable String error) {

    public boolean isComplete() {
        return status == RunStatus.COMPLETE;
    }

    /** Whether the window could not be read, so that the run has to fail. */
    public boolean isFailed() {
        return !isComplete() && !isRunning() && !isFree();
    }

    /** Whether nobody has the window. */
    public boolean isFree() {
        return status == RunStatus.INTERRUPTED;
    }

    /** Whether a runner has the window, dead or alive. */
    public boolean isRunning() {
        return status == RunStatus.RUNNING;
    }

    /** This window, claimed once more. */
    public StoredWindow claimedBy(String runner) {
        return new StoredWindow(
                id, place, from, to, RunStatus.RUNNING, runner, claim + 1, run, isLast, begin, reached, beat, null);
    }
}
