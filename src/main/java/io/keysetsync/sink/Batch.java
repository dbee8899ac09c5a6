package io.keysetsync.sink;

import io.keysetsync.cursor.Position;
import io.keysetsync.database.Database;
import io.keysetsync.table.Column;
import io.keysetsync.table.Quarantined;
import io.keysetsync.table.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A page's rows, one for each key, as the columns of one statement.
 *
 * @param rows the latest version of each key
 * @param received how many records became rows, also those that a later one of the same key replaced
 * @param quarantined the records that are set aside
 * @param columns of the table
 */
record Batch(List<Row> rows, int received, List<Quarantined> quarantined, List<Column> columns) {

    /**
     * Sorts a page's converted records. Of two with the same key the later cursor wins, then the later in the page
     * (rule 6): one statement can't upsert a row twice. The rows are in the order of their keys, in which the database
     * finds them with fewer steps in its index, and in which two writers of one table can't block each other.
     */
    static Batch of(List<?> converted, List<Column> columns) {
        Map<List<String>, Row> latest = new HashMap<>();
        List<Quarantined> quarantined = new ArrayList<>();
        int received = 0;
        for (Object each : converted) {
            if (each instanceof Row row) {
                received++;
                latest.merge(row.key(), row, (a, b) -> Position.isAfter(a.cursor(), b.cursor()) ? a : b);
            } else if (each instanceof Quarantined aside) {
                quarantined.add(aside);
            }
        }
        List<Row> rows = new ArrayList<>(latest.values());
        rows.sort(Batch::byKey);
        return new Batch(rows, received, quarantined, columns);
    }

    private static int byKey(Row a, Row b) {
        int order = 0;
        for (int i = 0; order == 0 && i < a.key().size(); i++) {
            order = a.key().get(i).compareTo(b.key().get(i));
        }
        return order;
    }

    int size() {
        return rows.size();
    }

    /** So many of this batch's rows, as a batch of their own. */
    Batch part(List<Row> some) {
        return new Batch(some, some.size(), List.of(), columns);
    }

    /** The rows as the upsert's parameters. */
    List<Object> parameters(Database database) {
        return database.parameters(columns, rows);
    }
}
