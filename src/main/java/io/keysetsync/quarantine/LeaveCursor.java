package io.keysetsync.quarantine;

import io.keysetsync.cursor.Mark;
import io.keysetsync.run.PageCommit;
import io.keysetsync.run.Run;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.RunKind;
import io.keysetsync.store.SyncStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commits pages of quarantined records: records that are saved leave the quarantine, and the cursor does not move. */
final class LeaveCursor implements PageCommit {

    private final SyncStore store;
    private Set<String> retried = Set.of();

    LeaveCursor(SyncStore store) {
        this.store = store;
    }

    /** Sets the entries that the next page retries. */
    void retrying(Collection<String> ids) {
        retried = Set.copyOf(ids);
    }

    @Override
    public void begin(Run run) {
        store.runs().open(run.id(), run.stream(), run.mark().cursor(), RunKind.RETRY);
    }

    /** {@inheritDoc} A retried entry stays in the quarantine if its record is set aside again for the same reason. */
    @Override
    public Mark commit(Run run, PageResult page) {
        List<Entry> unknown = store.quarantine().unknown(page.setAside());
        Set<String> gone = new HashSet<>(retried);
        page.setAside().forEach(entry -> gone.remove(entry.id()));
        if (!gone.isEmpty()) {
            store.quarantine().drop(run.stream(), gone);
        }
        store.quarantine().add(unknown);
        store.runs().page(run.id(), run.total().plus(page.counts()), page.cursor());
        return run.mark();
    }

    @Override
    public boolean isRetry() {
        return true;
    }
}
