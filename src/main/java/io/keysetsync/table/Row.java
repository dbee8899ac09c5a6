package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record converted to the columns of its table.
 *
 * @param key the values of the key's columns
 * @param cursor the record's cursor, or null if it has none
 * @param deleted whether the record is a deletion
 * @param values the canonical texts in the columns' order; null is SQL's NULL
 * @param record as received, to be set aside if the database refuses the row
 */
public record Row(
        List<String> key, @Nullable Position cursor, boolean deleted, List<@Nullable String> values, JsonNode record)
        implements Converted {

    /** This row with another value in a column. */
    public Row with(int column, @Nullable String value) {
        List<@Nullable String> other = new ArrayList<>(values);
        other.set(column, value);
        return new Row(key, cursor, deleted, Collections.unmodifiableList(other), record);
    }

    /** This row after an earlier version of its record: a deletion keeps that version's values of the fields that it lacks. */
    public Row after(Row earlier) {
        if (!deleted) {
            return this;
        }
        List<@Nullable String> completed = new ArrayList<>(values);
        for (int i = 0; i < completed.size(); i++) {
            if (completed.get(i) == null) {
                completed.set(i, earlier.values.get(i));
            }
        }
        return new Row(key, cursor, true, Collections.unmodifiableList(completed), record);
    }
}
