package io.keysetsync.run.window;

import io.keysetsync.FencedException;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Mark;
import io.keysetsync.run.PageCommit;
import io.keysetsync.run.Run;
import io.keysetsync.store.MarkOwner;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.StoredWindow;
import io.keysetsync.store.SyncStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Commits the pages of one lane, in the window that the lane has claimed. A page commits only while the claim holds, and
 * while nothing but the stream's windows has moved the mark. The page that completes a window moves the mark over all
 * windows that are complete without a gap.
 */
public final class CommitWindow implements PageCommit {

    private final SyncStore store;
    private final MarkOwner owner;
    private final int maxQuarantined;
    private @Nullable SharedWindows windows;
    private volatile @Nullable StoredWindow window;

    /**
     * Commits the pages of a lane.
     *
     * @param owner what the run's marks belong to
     * @param maxQuarantined the most records that the run may quarantine before it fails
     */
    public CommitWindow(SyncStore store, MarkOwner owner, int maxQuarantined) {
        this.store = store;
        this.owner = owner;
        this.maxQuarantined = maxQuarantined;
    }

    /** The commit of a further lane. */
    CommitWindow another() {
        CommitWindow another = new CommitWindow(store, owner, maxQuarantined);
        another.windows = windows;
        return another;
    }

    /** The windows of a run; null if the run has none, or has not begun with them. */
    public static @Nullable SharedWindows windowsOf(Run run) {
        return run.commit() instanceof CommitWindow commit ? commit.windows : null;
    }

    /** What the run's marks belong to. */
    public MarkOwner owner() {
        return owner;
    }

    void belongTo(SharedWindows shared) {
        windows = shared;
    }

    void claimed(StoredWindow claim) {
        window = claim;
    }

    /** The window that the lane has claimed last; null if it has none. */
    @Nullable
    StoredWindow window() {
        return window;
    }

    @Override
    public void begin(Run run) {
        store.runs().begin(run.id(), run.stream(), run.mark().cursor());
    }

    /** {@inheritDoc} The run's row comes first: all who touch the run's windows lock it. */
    @Override
    public Mark commit(Run run, PageResult page) {
        StoredWindow own = Objects.requireNonNull(window);
        RunStatus status = page.endsScroll() ? RunStatus.COMPLETE : RunStatus.RUNNING;
        store.runs().add(run.id(), page.counts());
        if (!store.windows().reached(own, status, page.cursor())) {
            throw lost(run.stream());
        }
        store.quarantine().add(store.quarantine().unknown(page.setAside()));
        long quarantined = page.counts().quarantined() == 0 ? 0 : store.runs().quarantined(run.id());
        if (quarantined > maxQuarantined) {
            List<Entry> last = page.setAside();
            throw quarantinesTooMany(run, quarantined, last.get(last.size() - 1).reason());
        }
        Mark mark = store.cursors().read(run.stream());
        if (!store.windows().isMovedBy(run.stream(), mark.version())) {
            throw lost(run.stream());
        }
        return page.endsScroll() ? pass(store, run, owner, mark) : mark;
    }

    /** Moves the mark over all windows that are complete without a gap. The run's row must be locked. */
    static Mark pass(SyncStore store, Run run, MarkOwner owner, Mark mark) {
        List<StoredWindow> passed = new ArrayList<>();
        for (StoredWindow each : store.windows().of(run.stream())) {
            if (!each.isComplete()) {
                break;
            }
            passed.add(each);
        }
        if (passed.isEmpty()) {
            return mark;
        }
        String cursor = new WindowChain(run.plan()).markAfter(mark, passed);
        Mark moved = mark;
        if (!Objects.equals(cursor, mark.cursor())) {
            moved = store.cursors().move(run.stream(), mark, cursor, owner);
            store.runs().moved(run.id(), cursor);
        }
        int last = passed.size() - 1;
        store.windows().passed(passed.subList(0, last), passed.get(last), moved.version());
        return moved;
    }

    static FencedException lost(String stream) {
        return new FencedException(
                "stream " + stream + ": another run of this stream has taken over this run's windows,"
                        + " or moved the cursor meanwhile; this page was rolled back and the next run continues from the cursor"
                        + " and the windows as they are now");
    }

    /** {@inheritDoc} Runners in other processes record theirs, too. */
    @Override
    public void schemaChanged(Run run, List<String> changes) {
        store.runs().addSchemaChanges(run.id(), changes);
    }

    @Override
    public @Nullable Double fraction(Run run, Instant now) {
        return windows == null ? null : windows.fraction(now);
    }

    @Override
    public void end(Run run, RunStatus status, @Nullable String error) {
        if (!run.isFurtherLane()) {
            PageCommit.super.end(run, status, error);
        }
    }

    @Override
    public int maxQuarantined() {
        return maxQuarantined;
    }
}
