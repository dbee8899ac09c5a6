package io.keysetsync.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.Errors;
import io.keysetsync.database.ExistingTable;
import io.keysetsync.run.PreparedTable;
import io.keysetsync.run.Run;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Drift;
import io.keysetsync.table.RecordConverter;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A stream's table, as one run knows it. Parts of one page that are saved in parallel alter the table one after the
 * other.
 */
final class RunTable implements PreparedTable {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    private final SinkParameters parameters;
    private final SyncStore store;
    private final RecordConverter converter;
    private final long maxStatement;
    private final @Nullable Evolution evolution;
    private final ReentrantReadWriteLock columns = new ReentrantReadWriteLock();
    private volatile TablePlan plan;

    /**
     * Starts from the table as it is now.
     *
     * @param converter of the stream's records, for any table
     */
    RunTable(SinkParameters parameters, SyncStore store, RecordConverter converter, ExistingTable existing) {
        this.parameters = parameters;
        this.store = store;
        this.converter = converter;
        this.maxStatement = store.tables().maxStatement();
        if (parameters.drift() == Drift.Policy.EVOLVE) {
            evolution = new Evolution(
                    parameters.stream(),
                    store,
                    converter.table(),
                    existing,
                    converter::knows,
                    parameters.columnNames(),
                    parameters.maxColumns());
            plan = plan(evolution.existing(), evolution.drift());
        } else {
            evolution = null;
            plan = plan(existing, Drift.of(parameters.stream(), parameters.drift()));
        }
    }

    private TablePlan plan(ExistingTable existing, Drift fields) {
        return TablePlan.of(parameters, store, converter, existing, fields, maxStatement);
    }

    /**
     * Adds columns for fields that the schema lacks, and keeps other parts of the page from altering the table until
     * the transaction of the calling thread has ended: in some databases a statement fails if the table is altered
     * meanwhile.
     *
     * @param run gets a line for each change; null if the page belongs to no run
     * @return the plan for these records
     */
    TablePlan evolve(List<JsonNode> records, @Nullable Run run) {
        if (evolution == null) {
            return plan;
        }
        columns.readLock().lock();
        if (evolution.mayNeed(records)
                || !evolution.drift().equals(plan.converter().drift())) {
            alone(() -> follow(evolution, records, run));
        }
        TablePlan current = plan;
        onTransactionEnd(columns.readLock()::unlock);
        return current;
    }

    /**
     * Alters the table while no part of the page is being written. The calling thread gives up its own read locks
     * meanwhile: if earlier parts belong to the same transaction, it has more than one.
     */
    private void alone(Runnable alteration) {
        int held = columns.getReadHoldCount();
        for (int i = 0; i < held; i++) {
            columns.readLock().unlock();
        }
        columns.writeLock().lock();
        try {
            alteration.run();
        } finally {
            for (int i = 0; i < held; i++) {
                columns.readLock().lock();
            }
            columns.writeLock().unlock();
        }
    }

    private static void onTransactionEnd(Runnable work) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            work.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                work.run();
            }
        });
    }

    private void follow(Evolution fields, List<JsonNode> records, @Nullable Run run) {
        if (run != null && run.isDryRun()) {
            fields.pretend(records);
            plan = plan(fields.existing(), fields.drift());
            return;
        }
        List<Evolution.Change> changes = fields.follow(records, changed -> note(run, changed));
        if (!changes.isEmpty() || !fields.drift().equals(plan.converter().drift())) {
            lines(changes).forEach(line -> LOG.info("{}: {}", parameters.stream(), line));
            if (run != null) {
                run.schemaChanges().committed(lines(changes));
            }
            plan = plan(fields.existing(), fields.drift());
        }
    }

    private static void note(@Nullable Run run, List<Evolution.Change> changes) {
        if (run != null) {
            run.schemaChanges().note(run, lines(changes));
        }
    }

    private static List<String> lines(List<Evolution.Change> changes) {
        return changes.stream().map(change -> Errors.oneLine(change.toString())).toList();
    }
}
