package io.keysetsync.sink;

import io.keysetsync.database.Database;
import io.keysetsync.database.ExistingTable;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Column;
import io.keysetsync.table.Drift;
import io.keysetsync.table.RecordConverter;
import io.keysetsync.table.TableSchema;
import java.util.List;

/**
 * How a page's records become rows: their columns, and the statements that write them. A plan never changes; all steps
 * of a page use the same plan, so that no value can end up in the wrong column.
 *
 * @param upsert the statement for rows
 * @param deletion the statement for deletions
 * @param maxStatement the most bytes that the database takes in a statement
 */
record TablePlan(RecordConverter converter, String upsert, String deletion, long maxStatement) {

    /**
     * Makes the plan for a table as it is.
     *
     * @param converter of the stream's records, for any table
     * @param fields the columns of fields that the schema lacks
     */
    static TablePlan of(
            SinkParameters parameters,
            SyncStore store,
            RecordConverter converter,
            ExistingTable existing,
            Drift fields,
            long maxStatement) {
        Database database = store.database();
        RecordConverter fitted = converter.within(database.limits(existing), fields);
        TableSchema whole = fitted.table();
        return new TablePlan(
                fitted,
                database.upsert(whole, fitted.guard()),
                parameters.deletesRows()
                        ? database.delete(whole, fitted.guard())
                        : database.softDelete(whole, fitted.guard()),
                maxStatement);
    }

    /** The statement that writes the rows of a batch. */
    String statement(Batch rows) {
        return rows.isOfDeletions() ? deletion : upsert;
    }

    List<Column> columns() {
        return converter.table().columns();
    }
}
