package io.keysetsync.table;

/**
 * A column of a stream's table.
 *
 * @param name exactly as in the record and in the database, where it is always quoted
 * @param role what its values are
 */
public record Column(String name, ColumnType type, Role role) {

    /** Where a column's values come from. */
    public enum Role {
        /** A field of the record, or its cursor. */
        DATA,
        /** Whether the record has been deleted; never null. */
        DELETED,
        /** When the row was written; a row is not written again for this alone. */
        SYNCED_AT
    }

    /** A column for a field. */
    public Column(String name, ColumnType type) {
        this(name, type, Role.DATA);
    }
}
