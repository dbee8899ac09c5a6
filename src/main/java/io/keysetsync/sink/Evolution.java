package io.keysetsync.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.database.ColumnNames;
import io.keysetsync.database.Database;
import io.keysetsync.database.ExistingTable;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnNaming;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.Deletions;
import io.keysetsync.table.Drift;
import io.keysetsync.table.DriftType;
import io.keysetsync.table.Guard;
import io.keysetsync.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Adds and widens columns for the fields that a stream's schema lacks. An instance belongs to one run. */
final class Evolution {

    /** A change of the table. */
    record Change(String field, Column column, @Nullable ColumnType before) {
        @Override
        public String toString() {
            return "field '" + field + "': column '" + column.name() + "' "
                    + (before == null ? "added as " : "changed from " + before + " to ") + column.type();
        }

        /** This change as an addition, if the database kept the column of an attempt that failed later. */
        Change asAddition() {
            return column.type().equals(before) ? new Change(field, column, null) : this;
        }
    }

    private final String stream;
    private final SyncStore store;
    private final TableSchema table;
    private final Predicate<String> isKnown;
    private final ColumnNaming naming;
    private final int maxColumns;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    /** Why fields get no column; parts of a page may find that out at the same time. */
    private final Map<String, String> refused = new ConcurrentHashMap<>();

    private ExistingTable existing;

    /**
     * Starts with the columns that earlier runs of the stream have added.
     *
     * @param table the columns of the schema and of keyset-sync itself, which are never altered
     * @param isKnown whether a field belongs to one of those columns
     */
    Evolution(
            String stream,
            SyncStore store,
            TableSchema table,
            ExistingTable existing,
            Predicate<String> isKnown,
            ColumnNaming naming,
            int maxColumns) {
        this.stream = stream;
        this.store = store;
        this.table = table;
        this.existing = existing;
        this.isKnown = isKnown;
        this.naming = naming;
        this.maxColumns = maxColumns;
        if (store.stateTables().exist()) {
            store.driftColumns().read(stream).forEach(this::adopt);
        }
    }

    private void adopt(String field, String name) {
        ExistingColumn found = existing.column(name);
        if (found != null && !found.isGenerated() && !found.types().isEmpty() && !isKnown.test(field)) {
            columns.put(field, new Column(name, found.types().get(0)));
        }
    }

    Drift drift() {
        return new Drift(
                stream,
                Drift.Policy.EVOLVE,
                Collections.unmodifiableMap(new LinkedHashMap<>(columns)),
                Map.copyOf(refused));
    }

    ExistingTable existing() {
        return existing;
    }

    /** Adds and widens the columns that these records need; returns the changes, which are committed. */
    List<Change> follow(List<JsonNode> records, Consumer<List<Change>> record) {
        Map<String, ColumnType> seen = seen(records);
        return store.tables().exclusively(table.name(), () -> follow(seen, record));
    }

    private List<Change> follow(Map<String, ColumnType> seen, Consumer<List<Change>> record) {
        existing = store.tables().existing(table.name());
        List<Change> changes = needed(seen);
        if (changes.isEmpty()) {
            return changes;
        }
        try {
            apply(changes, changes, record);
            return changes;
        } catch (DataAccessException e) {
            if (DatabaseErrors.isTimeout(e)) {
                throw e;
            }
            // a runner in another process may have been faster, or have had the table locked
            rollBackAfter(e);
            existing = store.tables().existing(table.name());
            List<String> added = changes.stream()
                    .filter(change -> change.before() == null)
                    .map(Change::field)
                    .toList();
            return applyEach(
                    needed(seen).stream()
                            .map(change -> added.contains(change.field()) ? change.asAddition() : change)
                            .toList(),
                    record);
        }
    }

    /** Makes each change by itself, as far as the database does not refuse it. */
    private List<Change> applyEach(List<Change> changes, Consumer<List<Change>> record) {
        List<Change> made = new ArrayList<>();
        for (Change change : changes) {
            made.add(change);
            try {
                apply(List.of(change), made, record);
            } catch (DataAccessException e) {
                if (!DatabaseErrors.isRefusedChange(e)) {
                    throw e;
                }
                store.rollbackDdl();
                made.remove(change);
                String what = change.before() == null
                        ? "added"
                        : "changed to " + change.column().type();
                refused.put(
                        change.field(),
                        "its column can't be " + what + ": the database: " + DatabaseErrors.describe(e));
            }
        }
        return made;
    }

    /** If the database has gone, the error that found that out says more than that of the rollback. */
    private void rollBackAfter(DataAccessException error) {
        try {
            store.rollbackDdl();
        } catch (DataAccessException e) {
            error.addSuppressed(e);
            throw error;
        }
    }

    /** Pretends that the columns that these records need exist; alters nothing. */
    void pretend(List<JsonNode> records) {
        needed(seen(records)).forEach(change -> columns.put(change.field(), change.column()));
    }

    private Map<String, ColumnType> seen(List<JsonNode> records) {
        Map<String, ColumnType> seen = new LinkedHashMap<>();
        for (JsonNode each : records) {
            each.properties().forEach(field -> {
                if (!isKnown.test(field.getKey()) && !field.getValue().isNull()) {
                    seen.merge(field.getKey(), DriftType.of(field.getValue()), DriftType::join);
                }
            });
        }
        return seen;
    }

    /**
     * Whether {@link #follow} may have something to do. This method does not ask the database: the transaction would
     * keep a lock on the table while it waits for another run, which may have to alter the table first.
     */
    boolean mayNeed(List<JsonNode> records) {
        return !needed(seen(records)).isEmpty();
    }

    /** The changes that these fields need in the table as last read. */
    private List<Change> needed(Map<String, ColumnType> seen) {
        List<Change> changes = new ArrayList<>();
        seen.forEach((field, type) -> {
            if (refused.containsKey(field)) {
                return;
            }
            Column column = columns.get(field);
            Change change = column == null ? missing(field, type, changes) : widened(field, column, type);
            if (change != null) {
                changes.add(change);
            }
        });
        return changes;
    }

    private @Nullable Change missing(String field, ColumnType type, List<Change> before) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(field) || field.indexOf(0) >= 0) {
            refused.put(field, "a field's name can't be kept with U+0000 or half of a surrogate pair");
            return null;
        }
        if (!store.tables().encoding().canKeep(field)) {
            refused.put(field, "the field's name " + store.tables().encoding().problem());
            return null;
        }
        String name = ColumnNames.of(field, naming, database(), candidate -> isTaken(candidate, before));
        ExistingColumn found = existing.column(name);
        if (found == null) {
            long added =
                    before.stream().filter(change -> change.before() == null).count();
            if (existing.columns().size() + added >= maxColumns) {
                refused.put(field, "the table has " + maxColumns + " columns, as many as maxColumns allows");
                return null;
            }
            return new Change(field, new Column(name, type), null);
        }
        if (found.isGenerated()) {
            refused.put(field, "its column is generated by the database");
            return null;
        }
        if (found.types().isEmpty()) {
            refused.put(field, "its column is " + found.type() + ", which is not one of the schema's types");
            return null;
        }
        Column column = new Column(name, found.types().get(0));
        Change change = widened(field, column, type);
        return change == null ? new Change(field, column, column.type()) : change;
    }

    private boolean isTaken(String name, List<Change> before) {
        String folded = database().folded(name);
        return name.equals(Guard.COLUMN)
                || name.equals(Deletions.COLUMN)
                || table.columns().stream()
                        .anyMatch(c -> database().folded(c.name()).equals(folded))
                || columns.values().stream()
                        .anyMatch(c -> database().folded(c.name()).equals(folded))
                || before.stream()
                        .anyMatch(c -> database().folded(c.column().name()).equals(folded))
                || (existing.column(name) == null
                        && existing.columns().stream()
                                .anyMatch(c -> database().folded(c.name()).equals(folded)));
    }

    private @Nullable Change widened(String field, Column column, ColumnType values) {
        ColumnType type = column.type();
        ColumnType wide = DriftType.canWiden(type) ? DriftType.join(type, values) : type;
        return wide.equals(type) ? null : new Change(field, new Column(column.name(), wide), type);
    }

    /**
     * Makes and commits changes.
     *
     * @param made the changes of this page, with these
     * @param record records them in the same transaction
     */
    private void apply(List<Change> changes, List<Change> made, Consumer<List<Change>> record) {
        store.commitDdl(() -> {
            for (Change change : changes) {
                Column column = change.column();
                if (change.before() == null) {
                    store.tables().add(table, column);
                } else if (!change.before().equals(column.type())) {
                    store.tables().widen(table, new Column(column.name(), change.before()), column.type());
                }
                store.driftColumns().add(stream, change.field(), column.name());
            }
            record.accept(made);
        });
        existing = store.tables().existing(table.name());
        for (Change change : changes) {
            columns.remove(change.field());
            adopt(change.field(), change.column().name());
        }
    }

    private Database database() {
        return store.database();
    }
}
