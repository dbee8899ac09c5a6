package io.keysetsync.quarantine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.Counts;
import io.keysetsync.cursor.Mark;
import io.keysetsync.paging.Page;
import io.keysetsync.run.SyncRun;
import io.keysetsync.source.SourceParameters;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run that asks the API for nothing: it takes up again what was set aside, and leaves the cursor alone. */
public final class RetryingRun extends SyncRun {

    private List<String> retried = List.of();

    public RetryingRun(SourceParameters settings, SyncStore store, Mark mark) {
        super(settings, store, Integer.MAX_VALUE, mark);
        askFor(null);
    }

    @Override
    public void open() {
        store().runs().open(id(), stream(), mark().cursor());
    }

    /** Takes records up again that were set aside, and gives what goes on to be saved. */
    ArrayNode takenUp(Page records, List<String> ids) {
        retried = ids;
        takeUp(records);
        return records.records();
    }

    /** Of the entries that were taken up, those stay that are to be set aside again for the same reason. */
    @Override
    public Mark commit(@Nullable String cursor, Counts counts, List<Entry> setAside) {
        List<Entry> unknown = store().quarantine().unknown(setAside);
        Set<String> gone = new HashSet<>(retried);
        setAside.forEach(entry -> gone.remove(entry.id()));
        if (!gone.isEmpty()) {
            store().quarantine().drop(stream(), gone);
        }
        store().quarantine().add(unknown);
        store().runs().page(id(), total().plus(counts), cursor);
        return mark();
    }
}
