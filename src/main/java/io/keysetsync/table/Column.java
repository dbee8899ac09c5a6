package io.keysetsync.table;

/**
 * A column of a stream's table.
 *
 * @param name exactly as in the database, where it is always quoted
 * @param role what its values are
 * @param field of the record that has its values
 */
public record Column(String name, ColumnType type, Role role, String field) {

    /** Where a column's values come from. */
    public enum Role {
        /** A field of the record, or its cursor. */
        DATA,
        /** Whether the record has been deleted; never null. */
        DELETED,
        /** When the row was written; a row is not written again for this alone. */
        SYNCED_AT
    }

    /** A column with the name of its field. */
    public Column(String name, ColumnType type) {
        this(name, type, Role.DATA);
    }

    /** A column of the program's own. */
    Column(String name, ColumnType type, Role role) {
        this(name, type, role, name);
    }

    Column named(ColumnNaming naming) {
        return new Column(naming.of(field), type, role, field);
    }
}
