package io.keysetsync.database;

import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.Row;
import io.keysetsync.table.SizeLimit;
import io.keysetsync.table.TableSchema;
import io.keysetsync.table.ValueLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What differs between the databases: names of types, quoting, and the statement that upserts a page. */
public interface Database {

    /** As the user writes it after {@code jdbc:}. */
    String name();

    /** The oldest version on which the statements work: major, or major and minor. */
    String oldestVersion();

    /** The type of a column of the data table. */
    String typeOf(ColumnType type);

    /** The type of a column of the data table that is part of its key. */
    default String keyTypeOf(ColumnType type, TableSchema table) {
        return typeOf(type);
    }

    /** The type of text of any length in the tables beside the data. */
    String textType();

    /** The type of text of up to 255 characters that is a key there, and compares exactly. */
    default String keyTextType() {
        return "VARCHAR(255)";
    }

    /** The type of a point in time there. */
    default String timeType() {
        return "TIMESTAMP(6) WITH TIME ZONE";
    }

    /** Key of the lock that serialises catalogue reads and DDL for a table within this JVM. */
    default String ddlLockKey(String table) {
        return table;
    }

    /** Whether names that are not quoted are kept in upper case. */
    boolean storesUpperCase();

    /** Whether text can hold U+0000. */
    boolean takesNulInText();

    /** The rows of {@link #parameters}, in the types of the table's columns: a query. */
    String page(TableSchema table);

    /**
     * One statement that upserts the rows of a query, however many. A row is replaced only by one whose guard is
     * not earlier, and only if it differs, so that the number of rows that changed is what the statement says: as its
     * update count or, where that counts otherwise, as rows of its result.
     *
     * @param guard the column that must not go back
     * @param page the query, which has the table's columns
     */
    String upsert(TableSchema table, String guard, String page);

    /** One statement that {@linkplain #upsert(TableSchema, String, String) upserts} a page. */
    default String upsert(TableSchema table, String guard) {
        return upsert(table, guard, page(table));
    }

    /**
     * One statement that upserts a page of soft deletions: rows that are kept and say that they are deleted. A value that a
     * deletion doesn't have leaves the row's value as it is.
     */
    default String softDelete(TableSchema table, String guard) {
        return upsert(table, guard, PageSql.completed(table, guard, page(table), this));
    }

    /** One statement that removes the rows of a page of deletions, but for rows whose guard is later. */
    String delete(TableSchema table, String guard);

    /** A query for the most bytes that a statement and its parameters may have; null where nothing limits them. */
    default @Nullable String maxStatement() {
        return null;
    }

    /** Whether a statement with these rows has at most so many bytes. */
    default boolean fits(List<Column> columns, List<Row> rows, long maxStatement) {
        return true;
    }

    /** Rows as the statement's parameters, in the order of its question marks. */
    List<Object> parameters(List<Column> columns, List<Row> rows);

    /** A point in time as the parameter of a statement on the tables beside the data. */
    default Object parameterOf(Instant time) {
        return Timestamp.from(time);
    }

    /** A point in time in a row of the tables beside the data. */
    default Instant instantAt(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /**
     * A query for the columns of {@code :table}: name, type, whether it takes null, whether the database fills it where
     * a row has no value, and its collation or null.
     */
    String columnsOfTable();

    /** A query for the unique indexes of {@code :table}: for each column of each, the index's name and the column's. */
    String uniqueKeysOfTable();

    /** The types of the schema file whose every value a column holds exactly; none if it is none of ours. */
    List<ColumnType> typesOf(SqlType type);

    /** The longest text or bytes that a column holds. */
    SizeLimit limitOf(SqlType type);

    /** What this database and a table of it can't take of what their types could hold. */
    default ValueLimits limits(ExistingTable table) {
        return new ValueLimits(
                takesNulInText(),
                maxJsonDepth(),
                table.columns().stream()
                        .collect(Collectors.toUnmodifiableMap(ExistingColumn::name, c -> limitOf(c.type()))),
                table.columns().stream()
                        .filter(c -> !c.isNullable())
                        .map(ExistingColumn::name)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** How deep objects and arrays in a {@code JSON} column can be nested. */
    default int maxJsonDepth() {
        return Integer.MAX_VALUE;
    }

    /** Whether this type compares keys exactly (case, accents, trailing blanks). */
    default boolean comparesKeysExactly(SqlType type) {
        return true;
    }

    /** Whether an upsert takes a row for the same by any unique key, and not by the primary key alone. */
    default boolean upsertsByAnyKey() {
        return false;
    }

    /** A column's name without what the database makes no difference by: two with the same can't be in one table. */
    default String folded(String name) {
        return name;
    }

    /** Why a table or a column can't have a name, or null. */
    @Nullable
    String problemOf(String name);

    /** Adds a column, unless it is there. */
    default String addColumn(String table, Column column) {
        return "ALTER TABLE " + quote(table) + " ADD COLUMN IF NOT EXISTS " + define(column);
    }

    /** Gives a column another type, and keeps its values. */
    String changeType(String table, Column column, String type);

    /** Gives a column a type that keeps all its values, as JSON has them. */
    default List<String> widen(String table, Column column, ColumnType wider) {
        return List.of(changeType(table, column, typeOf(wider)));
    }

    /** A table's or column's name, quoted, so that it keeps its case and can't be taken for SQL. */
    default String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Creates the data table. */
    default String createTable(TableSchema table) {
        String columns = table.columns().stream().map(c -> define(c, table)).collect(Collectors.joining(", "));
        return "CREATE TABLE " + quote(table.table()) + " (" + columns + ", PRIMARY KEY (" + quoted(table.primaryKey())
                + "))";
    }

    private String define(Column column, TableSchema table) {
        return table.primaryKey().contains(column.name())
                ? quote(column.name()) + ' ' + keyTypeOf(column.type(), table) + " NOT NULL"
                : define(column);
    }

    private String define(Column column) {
        return quote(column.name())
                + ' '
                + typeOf(column.type())
                + (column.role() == Column.Role.DELETED ? " DEFAULT FALSE NOT NULL" : "");
    }

    /** The names, quoted and separated by commas. */
    default String quoted(List<String> names) {
        return names.stream().map(this::quote).collect(Collectors.joining(", "));
    }

    /** The columns' names, each after {@code prefix}, quoted and separated by commas. */
    default String quoted(String prefix, List<Column> columns) {
        return columns.stream().map(c -> prefix + quote(c.name())).collect(Collectors.joining(", "));
    }
}
