package io.keysetsync.run;

import io.keysetsync.Counts;
import io.keysetsync.cursor.Mark;
import io.keysetsync.store.MarkOwner;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import java.util.List;
import java.util.Objects;

/** Moves the stream's cursor with each page of a run. */
public final class AdvanceCursor implements PageCommit {

    private final SyncStore store;
    private final MarkOwner owner;
    private final int maxQuarantined;

    /**
     * Commits the pages of a run.
     *
     * @param owner what the run's marks belong to
     * @param maxQuarantined the most records that the run may quarantine before it fails
     */
    public AdvanceCursor(SyncStore store, MarkOwner owner, int maxQuarantined) {
        this.store = store;
        this.owner = owner;
        this.maxQuarantined = maxQuarantined;
    }

    @Override
    public void begin(Run run) {
        store.runs().begin(run.id(), run.stream(), run.mark().cursor());
    }

    /** {@inheritDoc} A page that changes no row and does not move the cursor writes only the run's row. */
    @Override
    public Mark commit(Run run, PageResult page) {
        List<Entry> unknown = store.quarantine().unknown(page.setAside());
        Counts counts = page.counts();
        boolean writes = counts.upserted() > 0 || counts.deleted() > 0 || !unknown.isEmpty();
        Mark moved = run.mark();
        if (writes || !Objects.equals(page.cursor(), moved.cursor())) {
            moved = store.cursors().move(run.stream(), moved, page.cursor(), owner);
        } else {
            store.cursors().confirmUnmoved(run.stream(), moved);
        }
        store.quarantine().add(unknown);
        store.runs().page(run.id(), run.total().plus(counts), page.cursor());
        return moved;
    }

    @Override
    public int maxQuarantined() {
        return maxQuarantined;
    }
}
