package io.keysetsync.table;

import org.jspecify.annotations.Nullable;

/**
 * The name of a table, exactly as in the database.
 *
 * @param schema the database schema that has the table, in MariaDB the database; null for that of the connection
 */
public record TableName(@Nullable String schema, String table) {

    /** A table in the schema in which the connection looks for tables first. */
    public static TableName of(String table) {
        return new TableName(null, table);
    }

    /** The name as it is stored and shown: in quotes if it has a schema, so that no name with a dot reads the same. */
    @Override
    public String toString() {
        return schema == null ? table : quoted(schema) + "." + quoted(table);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
