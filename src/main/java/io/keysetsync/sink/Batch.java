package io.keysetsync.sink;

import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Position;
import io.keysetsync.database.Database;
import io.keysetsync.record.Quarantined;
import io.keysetsync.table.Column;
import io.keysetsync.table.Converted;
import io.keysetsync.table.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one statement: a page's rows or a part of them, one for each key.
 *
 * @param rows the latest version of each key
 * @param received how many records became rows, including those that a later record of the same key replaced
 * @param quarantined the records that are set aside
 * @param columns the columns of the table
 */
record Batch(List<Row> rows, int received, List<Quarantined> quarantined, List<Column> columns) {

    /**
     * Sorts a page's converted records. Of two with the same key the later cursor wins, then the later in the page
     * (rule 6): one statement can't upsert a row twice. The rows are in the order of their keys, in which the database
     * finds them with fewer steps in its index, and in which two writers of one table can't block each other.
     *
     * <p>A deletion that replaces an earlier version of its record keeps that version's values of the fields that the
     * deletion lacks, just as if the version had come in an earlier page.
     *
     * @param chunks the results of the step {@code typed}, each a list of {@link Converted}
     * @throws TerminalException if another step made something else of a record
     */
    static Batch of(String stream, List<?> chunks, List<Column> columns) {
        List<Row> versions = new ArrayList<>();
        List<Quarantined> quarantined = new ArrayList<>();
        for (Object chunk : chunks) {
            for (Object each : chunk instanceof List<?> list ? list : Collections.singletonList(chunk)) {
                if (each instanceof Row row) {
                    versions.add(row);
                } else if (each instanceof Converted.SetAside aside) {
                    quarantined.add(aside.quarantined());
                } else {
                    throw notConverted(stream, each);
                }
            }
        }
        versions.sort(Batch::byKey); // versions of one key stay in the page's order
        List<Row> rows = new ArrayList<>(versions.size());
        for (Row row : versions) {
            int last = rows.size() - 1;
            if (last >= 0 && rows.get(last).key().equals(row.key())) {
                rows.set(last, later(rows.get(last), row));
            } else {
                rows.add(row);
            }
        }
        return new Batch(rows, versions.size(), quarantined, columns);
    }

    private static TerminalException notConverted(String stream, @Nullable Object made) {
        return new TerminalException("stream " + stream + ": the sink's own steps made "
                + (made == null ? "null" : made.getClass().getName())
                + " of a record, which is neither a row nor set aside; take the step 'typed' of"
                + " jdbc-upsert-sink.kamelet.yaml as it is shipped");
    }

    private static Row later(Row a, Row b) {
        return Position.isAfter(a.cursor(), b.cursor()) ? a.after(b) : b.after(a);
    }

    private static int byKey(Row a, Row b) {
        int order = 0;
        for (int i = 0; order == 0 && i < a.key().size(); i++) {
            order = a.key().get(i).compareTo(b.key().get(i));
        }
        return order;
    }

    /** Whether these rows are deletions; the rows of one statement are either all deletions or none. */
    boolean isOfDeletions() {
        return !rows.isEmpty() && rows.get(0).deleted();
    }

    /** A batch of the given rows. */
    Batch part(List<Row> some) {
        return new Batch(some, some.size(), List.of(), columns);
    }

    /**
     * The rows as a statement's parameters.
     *
     * @param now the time of the write
     */
    List<Object> parameters(Database database, Instant now) {
        return database.parameters(columns, written(now));
    }

    private List<Row> written(Instant now) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).role() == Column.Role.SYNCED_AT) {
                int column = i;
                String time = columns.get(i).type().text(TextNode.valueOf(now.toString()));
                return rows.stream().map(row -> row.with(column, time)).toList();
            }
        }
        return rows;
    }
}
