package io.keysetsync.sink;

import io.keysetsync.database.ExistingTable;
import io.keysetsync.run.RunPlan;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.RecordConverter;
import io.keysetsync.table.TableSchema;
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
        store().tables().check(parameters.schema(), parameters.stream());
        if (source != null) {
            store().tables().checkOwn(converter(source).guard().column(), parameters.schema(), parameters.stream());
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
        TableSchema schema = parameters.schema();
        RecordConverter converter = converter(source);
        ExistingTable existing = isDryRun
                ? store().tables().existing(schema.table())
                : store().tables().create(schema, converter.table(), parameters.stream());
        return new RunTable(parameters, store(), converter, existing);
    }

    @Override
    public String table() {
        String table = parameters.schema().table();
        boolean exists = store().tables().existing(table).exists();
        return "'" + table + "' " + (exists ? "exists and fits the schema" : "would be created");
    }

    @Override
    public int maxQuarantined() {
        return parameters.maxQuarantined();
    }
}
