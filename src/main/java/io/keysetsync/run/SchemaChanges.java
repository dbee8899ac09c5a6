package io.keysetsync.run;

import java.util.ArrayList;
import java.util.List;

/** The committed changes of a run's table, one line each. */
public final class SchemaChanges {

    private final List<String> committed = new ArrayList<>();
    private int reported;

    /** Notes changes in the run's row, in the transaction that makes them. */
    public synchronized void note(Run run, List<String> changes) {
        List<String> all = new ArrayList<>(committed);
        all.addAll(changes);
        run.commit().schemaChanged(run, all);
    }

    /** Remembers that changes are committed. */
    public synchronized void committed(List<String> changes) {
        committed.addAll(changes);
    }

    /** The changes since the last call. */
    public synchronized List<String> unreported() {
        List<String> changes = List.copyOf(committed.subList(reported, committed.size()));
        reported = committed.size();
        return changes;
    }
}
