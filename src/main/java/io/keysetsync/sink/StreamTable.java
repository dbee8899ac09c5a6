package io.keysetsync.sink;

import io.keysetsync.ConfigurationException;
import io.keysetsync.database.ExistingTable;
import io.keysetsync.database.Right;
import io.keysetsync.database.Rights;
import io.keysetsync.run.RunPlan;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.RecordConverter;
import io.keysetsync.table.TableRows;
import io.keysetsync.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The table of a stream, as runs and commands ask for it. */
final class StreamTable implements StreamRegistry.Sink {

    private final SinkParameters parameters;
    private final Supplier<SyncStore> store;

    StreamTable(SinkParameters parameters, Supplier<SyncStore> store) {
        this.parameters = parameters;
        this.store = store;
    }

    @Override
    public SyncStore store() {
        return store.get();
    }

    @Override
    public void check(@Nullable RunPlan source) {
        if (source != null) {
            refuseDeletionsInParallel(source);
        }
        TableSchema schema = parameters.schema();
        ExistingTable existing = store().tables().check(schema, parameters.stream());
        store().stateTables().check();
        if (source != null) {
            store().tables().checkOwn(converter(source).guard().column(), schema, existing, parameters.stream());
        }
    }

    /** An older version in a window that is read later would bring a deleted row back. */
    private void refuseDeletionsInParallel(RunPlan source) {
        if (source.parallelWindows() > 1 && parameters.deletesRows()) {
            throw new ConfigurationException(
                    "stream " + parameters.stream() + ": deleteMode 'hard' can't be combined with"
                            + " parallelWindows " + source.parallelWindows()
                            + ": an older version that is read later would bring a deleted row back; set deleteMode to soft, or"
                            + " parallelWindows to 1");
        }
    }

    private RecordConverter converter(RunPlan source) {
        return new RecordConverter(
                parameters.schema(),
                source.cursorField(),
                source.format(),
                parameters.deletions(),
                parameters.syncedAtColumn());
    }

    @Override
    public RunTable prepare(RunPlan source, boolean isDryRun) {
        refuseDeletionsInParallel(source);
        TableSchema schema = parameters.schema();
        RecordConverter converter = converter(source);
        ExistingTable existing = isDryRun
                ? store().tables().existing(schema.name())
                : store().tables().create(schema, converter.table(), parameters.stream(), this::isMissing);
        return new RunTable(parameters, store(), converter, existing);
    }

    /** Forgets a cursor whose rows were in the missing table, also if a retry or a page without a run finds that out. */
    private void isMissing() {
        store().tableIsMissing(parameters.stream(), parameters.schema().name().toString());
    }

    @Override
    public TableSchema schema() {
        return parameters.schema();
    }

    @Override
    public boolean exists() {
        return store().tables().exists(parameters.schema().name());
    }

    @Override
    public Rights rights() {
        List<Right> needed = new ArrayList<>(List.of(Right.SELECT, Right.INSERT, Right.UPDATE));
        if (parameters.deletesRows()) {
            needed.add(Right.DELETE);
        }
        TableSchema schema = parameters.schema();
        Rights rights = store().stateTables().rights();
        rights.require(schema.name(), schema.primaryKey().get(0), exists(), needed);
        return rights;
    }

    @Override
    public String table() {
        return "'" + parameters.schema().name() + "' " + (exists() ? "exists and fits the schema" : "would be created");
    }

    @Override
    public TableRows newest(RunPlan source, int limit) {
        return new NewestRows(store(), converter(source)).read(limit);
    }

    @Override
    public int maxQuarantined() {
        return parameters.maxQuarantined();
    }
}
