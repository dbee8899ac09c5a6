package io.keysetsync.database;

import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.Guard;
import io.keysetsync.table.Row;
import io.keysetsync.table.ServerEncoding;
import io.keysetsync.table.SizeLimit;
import io.keysetsync.table.TableName;
import io.keysetsync.table.TableSchema;
import io.keysetsync.table.ValueLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** What differs between databases: names of types, quoting, and the statement that upserts a page. */
public interface Database {

    /** The name that follows {@code jdbc:} in a URL. */
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

    /** The type of a key of up to 255 characters in those tables; it compares exactly. */
    default String keyTextType() {
        return "VARCHAR(255)";
    }

    /** The type of a point in time in those tables. */
    default String timeType() {
        return "TIMESTAMP(6) WITH TIME ZONE";
    }

    /** Key of the lock that serialises catalogue reads and DDL for a table within this JVM. */
    default String ddlLockKey(TableName table) {
        return table.toString();
    }

    /** Whether text can hold U+0000. */
    boolean takesNulInText();

    /** A query for the rows of {@link #parameters}, in the types of the table's columns. */
    String page(TableSchema table);

    /**
     * One statement that upserts the rows of a query, however many. A row is replaced only by one whose guard is not
     * earlier, and only if the two differ. So the statement tells how many rows changed: by its update count or, if the
     * database counts otherwise, by the rows of its result.
     *
     * @param guard the column that must not go back
     * @param page the query, which has the table's columns
     */
    String upsert(TableSchema table, Guard guard, String page);

    /** One statement that {@linkplain #upsert(TableSchema, Guard, String) upserts} a page. */
    default String upsert(TableSchema table, Guard guard) {
        return upsert(table, guard, page(table));
    }

    /**
     * One statement that upserts a page of soft deletions: rows that are kept and say that they are deleted. A value that a
     * deletion doesn't have leaves the row's value as it is.
     */
    default String softDelete(TableSchema table, Guard guard) {
        return upsert(table, guard, PageSql.completed(table, guard, page(table), this));
    }

    /** One statement that removes the rows of a page of deletions, except rows whose guard is later. */
    String delete(TableSchema table, Guard guard);

    /**
     * A query for the newest rows of a table.
     *
     * @param columns of the table, in the order of the result
     * @param newest the column that tells how new a row is; null if the key has to
     */
    default String newest(TableSchema table, List<String> columns, @Nullable Guard newest, int limit) {
        return PageSql.newest(table, columns, newest, limit, this);
    }

    /** A text of the data table such that it compares by Unicode code points. */
    String inCodePoints(String text);

    /** A query for the most bytes that a statement and its parameters may have, or null if nothing limits them. */
    default @Nullable String maxStatement() {
        return null;
    }

    /** Whether a statement with these rows has at most {@code maxStatement} bytes. */
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

    /** A query for a row if there is a schema {@code :schema}; in MariaDB, a database. */
    String schemaOfName();

    default String createSchema(String schema) {
        return "CREATE SCHEMA IF NOT EXISTS " + quote(schema);
    }

    /**
     * A query for the columns of {@code :table}, in {@code :schema} if the table's name has one, else in the connection's
     * own: name, type, whether the column takes null, whether the database has a
     * value for a row that has none, the collation or null, whether the database alone writes the column, and the
     * {@linkplain #unfitKindOfTable kind of the table}.
     */
    String columnsOfTable(TableName table);

    /**
     * The columns of a table, found in a shorter way than by {@link #columnsOfTable}; null if this database has no such
     * way. No columns if the table does not exist.
     */
    default @Nullable List<ExistingColumn> columns(JdbcTemplate jdbc, TableName table) {
        return null;
    }

    /** A query for what {@code :table} is, if rows can't be saved in it as in a table with transactions; otherwise null. */
    String unfitKindOfTable(TableName table);

    /**
     * A query for the setting of a connection that keeps values from being saved as they are. The query's result is null
     * if all is well; no query (null) if no setting can do that.
     */
    default @Nullable String unfitSession() {
        return null;
    }

    /** A query for the encoding of the database's text, as {@link ServerEncoding} reads it; null if that is Unicode. */
    default @Nullable String encoding() {
        return null;
    }

    /** What follows the columns in the statement that creates a table. */
    default String tableOptions() {
        return "";
    }

    /** What follows a table that is created by a script, so that text in it compares exactly. */
    default String exactTableOptions() {
        return "";
    }

    /** The script in Quartz's jar with the tables of its job store; null if several nodes can't share the database. */
    default @Nullable String jobStoreScript() {
        return null;
    }

    /** A query for rows that locks them, and waits for the lock for at most {@code seconds}. */
    default String lockingRows(String table, String condition, int seconds) {
        return "SELECT * FROM " + table + " WHERE " + condition + " FOR UPDATE";
    }

    /**
     * A statement after which the database ends a connection that is idle in a transaction for longer than
     * {@code seconds}, and so releases the locks of a process that no longer works; null if the database can't do that.
     */
    default @Nullable String endIdleTransactions(int seconds) {
        return null;
    }

    /**
     * Whether the user of a connection has a right on a table; {@link Right#CREATE} on where the table would be. Changes
     * nothing.
     *
     * @param column one of the table's
     */
    boolean has(JdbcTemplate jdbc, Right right, TableName table, String column);

    /** Whether who creates a table has all rights on that table. */
    default boolean ownsWhatItCreates() {
        return true;
    }

    /** What the rights on a table are granted on, as it stands in {@code GRANT}: the table, or its schema if it is missing. */
    String grantedOn(JdbcTemplate jdbc, TableName table, boolean exists);

    /** The user of a connection as it stands in {@code GRANT}. */
    default String grantee(JdbcTemplate jdbc) {
        return quote(String.valueOf(jdbc.queryForObject("SELECT CURRENT_USER", String.class)));
    }

    /** The statement that gives rights. */
    default String grant(String rights, String on, String user) {
        return "GRANT " + rights + " ON " + on + " TO " + user;
    }

    /** A query for the unique indexes of {@code :table}: for each column of each, the index's name and the column's. */
    String uniqueKeysOfTable(TableName table);

    /** The types of the schema file whose every value a column holds exactly; none for a type that no schema names. */
    List<ColumnType> typesOf(SqlType type);

    /** The longest text or bytes that a column holds. */
    SizeLimit limitOf(SqlType type);

    /** What this database and one of its tables can't take, although their types could hold it. */
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

    /** Whether an upsert recognises a row by any unique key, not by the primary key alone. */
    default boolean upsertsByAnyKey() {
        return false;
    }

    /** A column's name as the database compares it: two columns of a table can't have the same. */
    default String folded(String name) {
        return name;
    }

    /** Why a table or a column can't have a name, or null. */
    @Nullable
    String problemOf(String name);

    /** Adds a column unless the table has it. */
    default String addColumn(TableName table, Column column) {
        return "ALTER TABLE " + quote(table) + " ADD COLUMN IF NOT EXISTS " + define(column);
    }

    /** A statement on the data table that the driver's own time-out for statements ends. */
    default String withTimeout(String statement, int seconds) {
        return statement;
    }

    /**
     * The statements that do what DDL does, but wait at most {@code seconds} for a lock that somebody else holds; several
     * belong to one transaction. By default the database itself has such a limit.
     */
    default List<String> withLockTimeout(String ddl, int seconds) {
        return List.of(ddl);
    }

    /** Properties of the driver by which a connection fails once it has been silent for longer than {@code silence}. */
    default Map<String, String> silenceLimit(Duration silence) {
        return Map.of();
    }

    /** Gives a column another type and keeps its values. */
    String changeType(TableName table, Column column, String type);

    /** Gives a column a type that keeps all its values as JSON writes them. */
    default List<String> widen(TableName table, Column column, ColumnType wider) {
        return List.of(changeType(table, column, typeOf(wider)));
    }

    /** Removes what a {@link #widen} that failed has left, if DDL commits by itself. */
    default List<String> afterRefusedWiden(TableName table, Column column) {
        return List.of();
    }

    /** A table's or column's name, quoted: it keeps its case and can't be taken for SQL. */
    default String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A table's name, quoted, after that of its schema if it has one. */
    default String quote(TableName name) {
        String schema = name.schema();
        return schema == null ? quote(name.table()) : quote(schema) + "." + quote(name.table());
    }

    /** Creates the data table. */
    default String createTable(TableSchema table) {
        String columns = table.columns().stream().map(c -> define(c, table)).collect(Collectors.joining(", "));
        return "CREATE TABLE " + quote(table.name()) + " (" + columns + ", PRIMARY KEY (" + quoted(table.primaryKey())
                + "))" + tableOptions();
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
