package io.keysetsync.table;

import java.util.Map;
import java.util.Set;

/**
 * Limits of a database and a table that are narrower than those of the column types.
 *
 * @param takesNul whether the database can keep U+0000 in text
 * @param maxJsonDepth how deep objects and arrays in a {@code JSON} column can be nested
 * @param sizes of the columns that have a limit, by name
 * @param required names of the columns that take no null
 */
public record ValueLimits(boolean takesNul, int maxJsonDepth, Map<String, SizeLimit> sizes, Set<String> required) {

    SizeLimit size(Column column) {
        return sizes.getOrDefault(column.name(), SizeLimit.NONE);
    }
}
