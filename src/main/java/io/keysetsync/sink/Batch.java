package io.keysetsync.sink;

import io.keysetsync.cursor.Position;
import io.keysetsync.database.Database;
import io.keysetsync.table.Quarantined;
import io.keysetsync.table.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page's rows, one for each key, as the columns of one statement.
 *
 * @param rows the latest version of each key
 * @param received how many records became rows, also those that a later one of the same key replaced
 * @param quarantined the records that are set aside
 * @param columns how many columns a row has
 */
record Batch(List<Row> rows, int received, List<Quarantined> quarantined, int columns) {

    /**
     * Sorts a page's converted records. Of two with the same key the later cursor wins, then the later in the page
     * (rule 6): one statement can't upsert a row twice.
     */
    static Batch of(List<?> converted, int columns) {
        Map<List<String>, Row> latest = new LinkedHashMap<>();
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
        return new Batch(List.copyOf(latest.values()), received, quarantined, columns);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** An array of text for each column, by the names that the statement gives them. */
    Map<String, Object> parameters() {
        Map<String, Object> parameters = new HashMap<>();
        for (int column = 0; column < columns; column++) {
            @Nullable String[] values = new String[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row).values().get(column);
            }
            parameters.put(Database.parameter(column), values);
        }
        return parameters;
    }
}
