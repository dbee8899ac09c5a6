package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record converted to the columns of its table.
 *
 * @param key the values of the key's columns
 * @param cursor the record's cursor; null where it has none
 * @param values the canonical texts in the columns' order; null is SQL's NULL
 * @param record as received, should the database refuse the row
 */
public record Row(List<String> key, @Nullable Position cursor, List<@Nullable String> values, JsonNode record) {}
