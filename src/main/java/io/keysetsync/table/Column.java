package io.keysetsync.table;

/**
 * A column of a stream's table.
 *
 * @param name exactly as in the record and in the database, where it is always quoted
 */
public record Column(String name, ColumnType type) {}
