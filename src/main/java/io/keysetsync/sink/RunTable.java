package io.keysetsync.sink;

import io.keysetsync.Errors;
import io.keysetsync.database.ExistingTable;
import io.keysetsync.run.PreparedTable;
import io.keysetsync.run.Run;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Drift;
import io.keysetsync.table.RecordConverter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream's table, as one run knows it. Parts of one page, saved in parallel, follow the fields' drift in turn. */
final class RunTable implements PreparedTable {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    private final SinkParameters parameters;
    private final SyncStore store;
    private final RecordConverter converter;
    private final long maxStatement;
    private final @Nullable Evolution evolution;
    private TablePlan plan;

    /**
     * Knows a table as it is.
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
                    parameters.stream(), store, converter.table(), existing, converter::knows, parameters.maxColumns());
            plan = plan(evolution.existing(), evolution.drift());
        } else {
            evolution = null;
            plan = plan(existing, Drift.of(parameters.stream(), parameters.drift()));
        }
    }

    private TablePlan plan(ExistingTable existing, Drift fields) {
        return TablePlan.of(parameters, store, converter, existing, fields, maxStatement);
    }

    String stream() {
        return parameters.stream();
    }

    synchronized TablePlan plan() {
        return plan;
    }

    /**
     * Gives fields that the schema lacks their columns.
     *
     * @param run gets a line for each change; null if the page belongs to no run
     * @return the plan for these records
     */
    synchronized TablePlan evolve(Iterable<?> records, @Nullable Run run) {
        if (evolution == null) {
            return plan;
        }
        if (run != null && run.isDryRun()) {
            evolution.pretend(records);
            plan = plan(evolution.existing(), evolution.drift());
            return plan;
        }
        List<Evolution.Change> changes = evolution.follow(records, changed -> note(run, changed));
        if (!changes.isEmpty() || !evolution.drift().equals(plan.converter().drift())) {
            lines(changes).forEach(line -> LOG.info("{}: {}", parameters.stream(), line));
            if (run != null) {
                run.schemaChanged(lines(changes));
            }
            plan = plan(evolution.existing(), evolution.drift());
        }
        return plan;
    }

    private static void note(@Nullable Run run, List<Evolution.Change> changes) {
        if (run != null) {
            run.schemaChanges(lines(changes));
        }
    }

    private static List<String> lines(List<Evolution.Change> changes) {
        return changes.stream().map(change -> Errors.oneLine(change.toString())).toList();
    }
}
