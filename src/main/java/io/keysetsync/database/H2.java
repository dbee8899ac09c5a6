package io.keysetsync.database;

import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.Guard;
import io.keysetsync.table.Row;
import io.keysetsync.table.SizeLimit;
import io.keysetsync.table.TableName;
import io.keysetsync.table.TableSchema;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** H2 2.x in its regular mode. */
final class H2 implements Database {

    private static final int MICROSECONDS = 6;

    /** H2's manual, "Limits and Limitations". */
    private static final int NAME_LENGTH = 256;

    /** Of {@code VARCHAR}, {@code VARBINARY} and {@code JSON} (H2's manual, "Data Types"). */
    private static final int LONGEST = 1_048_576;

    private static final int NUMERIC_DIGITS = 100_000;

    @Override
    public String name() {
        return "h2";
    }

    @Override
    public String oldestVersion() {
        return "2.0";
    }

    @Override
    public String typeOf(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "BOOLEAN";
            case SHORT -> "SMALLINT";
            case INT -> "INTEGER";
            case LONG -> "BIGINT";
            case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
            case FLOAT -> "REAL";
            case DOUBLE -> "DOUBLE PRECISION";
            case NAIVE_DATE -> "DATE";
            case NAIVE_DATETIME -> "TIMESTAMP(6)";
            case UTC_DATETIME -> "TIMESTAMP(6) WITH TIME ZONE";
            case BINARY -> "VARBINARY";
            case XML, STRING -> "VARCHAR";
            case JSON -> "JSON";
        };
    }

    @Override
    public String textType() {
        return "VARCHAR";
    }

    /**
     * The same for all tables. H2 alters a table by putting a copy in its place, and its catalogue, which knows no
     * transactions, shows all of that: for a moment a table of that name has no columns, or each of them twice.
     */
    @Override
    public String ddlLockKey(TableName table) {
        return "";
    }

    @Override
    public boolean takesNulInText() {
        return true;
    }

    @Override
    public String delete(TableSchema table, Guard guard) {
        return mergeInto(table, page(table)) + " WHEN MATCHED AND " + PageSql.isNotNewer(guard, "t.", "s.", this)
                + " THEN DELETE";
    }

    @Override
    public String page(TableSchema table) {
        return PageSql.page(table.columns(), PageSql.unnested(table.columns(), H2::arrayOf), this, this::cast);
    }

    private String mergeInto(TableSchema table, String page) {
        return "MERGE INTO " + quote(table.name()) + " AS t USING (" + page + ") AS s ON "
                + PageSql.sameKey(table, "t.", "s.", this);
    }

    @Override
    public String upsert(TableSchema table, Guard guard, String page) {
        StringBuilder sql = new StringBuilder(mergeInto(table, page));
        if (!table.comparedColumns().isEmpty()) {
            sql.append(" WHEN MATCHED AND ")
                    .append(PageSql.replaces(table, guard, "t.", "s.", this))
                    .append(" THEN UPDATE SET ")
                    .append(PageSql.assignments(table, "s.", this));
        }
        return sql.append(" WHEN NOT MATCHED THEN INSERT (")
                .append(quoted("", table.columns()))
                .append(") VALUES (")
                .append(quoted("s.", table.columns()))
                .append(")")
                .toString();
    }

    /** {@inheritDoc} H2 compares texts by Java's {@code char}s, and bytes as numbers without a sign. */
    @Override
    public String inCodePoints(String text) {
        return "STRINGTOUTF8(" + text + ")";
    }

    private static String arrayOf(Column column) {
        return isBinary(column) ? "VARBINARY ARRAY" : "VARCHAR ARRAY";
    }

    private static boolean isBinary(Column column) {
        return column.type().kind() == ColumnType.Kind.BINARY;
    }

    /** H2 has no function that makes bytes of text; so bytes are passed as bytes. */
    @Override
    public List<Object> parameters(List<Column> columns, List<Row> rows) {
        @Nullable String[][] texts = PageSql.columns(columns.size(), rows);
        return IntStream.range(0, columns.size())
                .mapToObj(i -> isBinary(columns.get(i)) ? bytes(texts[i]) : texts[i])
                .toList();
    }

    private static Object bytes(@Nullable String[] texts) {
        return Arrays.stream(texts)
                .map(text -> text == null ? null : HexFormat.of().parseHex(text))
                .toArray();
    }

    private String cast(Column column, String value) {
        return switch (column.type().kind()) {
            case BINARY, XML, STRING -> value;
            case JSON -> value + " FORMAT JSON";
            default -> "CAST(" + value + " AS " + typeOf(column.type()) + ")";
        };
    }

    @Override
    public String schemaOfName() {
        return "SELECT 1 FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = :schema";
    }

    private static String isTable(TableName table) {
        return "TABLE_SCHEMA = " + (table.schema() == null ? "SCHEMA()" : ":schema") + " AND TABLE_NAME = :table";
    }

    /**
     * {@inheritDoc} H2 makes the rows of all tables for each query of its catalogue, but not for its driver. The driver
     * leaves out invisible columns, and does not tell which identities take a value.
     */
    @Override
    public @Nullable List<ExistingColumn> columns(JdbcTemplate jdbc, TableName table) {
        return jdbc.execute((ConnectionCallback<@Nullable List<ExistingColumn>>) connection -> {
            String schema = Objects.requireNonNullElse(table.schema(), connection.getSchema());
            List<ExistingColumn> columns = new ArrayList<>();
            try (ResultSet found = connection.getMetaData().getColumns(null, like(schema), like(table.table()), null);
                    PreparedStatement type = connection.prepareStatement("VALUES DATA_TYPE_SQL(?, ?, 'TABLE', ?)")) {
                type.setString(1, schema);
                type.setString(2, table.table());
                while (found.next()) {
                    if (isYes(found, "IS_AUTOINCREMENT")) {
                        return null;
                    }
                    String described = typeAt(columns.size() + 1, type);
                    if (described == null) {
                        return List.of(); // a synonym
                    }
                    columns.add(column(described, found));
                }
                return typeAt(columns.size() + 1, type) == null ? columns : null;
            }
        });
    }

    /** A name as a pattern of the driver. */
    private static String like(String name) {
        return name.replaceAll("[\\\\_%]", "\\\\$0");
    }

    /** The type of a table's column; null if the table has fewer. */
    private static @Nullable String typeAt(int place, PreparedStatement type) throws SQLException {
        type.setString(3, Integer.toString(place));
        try (ResultSet described = type.executeQuery()) {
            described.next();
            return described.getString(1);
        }
    }

    private ExistingColumn column(String described, ResultSet found) throws SQLException {
        SqlType type = SqlType.parse(described, null);
        boolean isGenerated = isYes(found, "IS_GENERATEDCOLUMN");
        return new ExistingColumn(
                found.getString("COLUMN_NAME"),
                type,
                typesOf(type),
                isYes(found, "IS_NULLABLE"),
                isGenerated || found.getString("COLUMN_DEF") != null,
                isGenerated);
    }

    private static boolean isYes(ResultSet row, String column) throws SQLException {
        return "YES".equals(row.getString(column));
    }

    @Override
    public String columnsOfTable(TableName table) {
        return "SELECT COLUMN_NAME, DATA_TYPE_SQL(TABLE_SCHEMA, TABLE_NAME, 'TABLE', DTD_IDENTIFIER),"
                + " IS_NULLABLE = 'YES', COLUMN_DEFAULT IS NOT NULL OR IS_IDENTITY = 'YES' OR IS_GENERATED = 'ALWAYS',"
                + " NULL, IS_GENERATED = 'ALWAYS' OR COALESCE(IDENTITY_GENERATION, '') = 'ALWAYS', ("
                + unfitKindOfTable(table)
                + ") FROM INFORMATION_SCHEMA.COLUMNS WHERE " + isTable(table)
                + " ORDER BY ORDINAL_POSITION";
    }

    /** {@inheritDoc} Who is neither an administrator nor the schema's owner may have rights through roles. */
    @Override
    public boolean has(JdbcTemplate jdbc, Right right, TableName table, String column) {
        String owns = "SELECT (SELECT IS_ADMIN FROM INFORMATION_SCHEMA.USERS WHERE USER_NAME = CURRENT_USER)"
                + " OR (SELECT SCHEMA_OWNER = CURRENT_USER FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = COALESCE(CAST(? AS VARCHAR), SCHEMA()))";
        return Boolean.TRUE.equals(
                right == Right.CREATE
                        ? jdbc.queryForObject(owns, Boolean.class, table.schema())
                        : jdbc.queryForObject(
                                owns + " OR EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TABLE_PRIVILEGES"
                                        + " WHERE TABLE_SCHEMA = COALESCE(CAST(? AS VARCHAR), SCHEMA()) AND TABLE_NAME = ?"
                                        + " AND PRIVILEGE_TYPE = ?)",
                                Boolean.class,
                                table.schema(),
                                table.schema(),
                                table.table(),
                                right.name()));
    }

    @Override
    public String grantedOn(JdbcTemplate jdbc, TableName table, boolean exists) {
        if (exists) {
            return quote(table);
        }
        String schema = table.schema();
        return "SCHEMA "
                + quote(schema == null ? String.valueOf(jdbc.queryForObject("SELECT SCHEMA()", String.class)) : schema);
    }

    /** {@inheritDoc} To create tables is a right of administrators, as far as others can see. */
    @Override
    public String grant(String rights, String on, String user) {
        return on.startsWith("SCHEMA ") ? "ALTER USER " + user + " ADMIN TRUE" : Database.super.grant(rights, on, user);
    }

    @Override
    public String unfitKindOfTable(TableName table) {
        return "SELECT CASE WHEN TABLE_TYPE = 'VIEW' THEN 'a view' WHEN TABLE_TYPE = 'MATERIALIZED VIEW' THEN"
                + " 'a materialized view' WHEN STORAGE_TYPE = 'TABLE LINK' THEN 'a linked table' END"
                + " FROM INFORMATION_SCHEMA.TABLES WHERE " + isTable(table);
    }

    @Override
    public String unfitSession() {
        return "SELECT MAX(CASE WHEN SETTING_NAME = 'CASE_INSENSITIVE_IDENTIFIERS' AND SETTING_VALUE = 'TRUE' THEN"
                + " 'CASE_INSENSITIVE_IDENTIFIERS, for which fields that differ in case are one; take it' WHEN"
                + " SETTING_NAME = 'MODE' AND UPPER(SETTING_VALUE) = 'ORACLE' THEN"
                + " 'MODE=Oracle, which would store empty text as null; take it' END) || ' out of its url'"
                + " FROM INFORMATION_SCHEMA.SETTINGS";
    }

    @Override
    public String uniqueKeysOfTable(TableName table) {
        return "SELECT INDEX_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.INDEX_COLUMNS"
                + " WHERE " + isTable(table) + " AND IS_UNIQUE"
                + " ORDER BY INDEX_NAME, ORDINAL_POSITION";
    }

    @Override
    public List<ColumnType> typesOf(SqlType type) {
        return switch (type.base()) {
            case "boolean" -> List.of(ColumnType.of(Kind.BOOLEAN));
            case "smallint" -> List.of(ColumnType.of(Kind.SHORT));
            case "integer" -> List.of(ColumnType.of(Kind.INT));
            case "bigint" -> List.of(ColumnType.of(Kind.LONG));
            case "numeric", "decimal" ->
                List.of(new ColumnType(Kind.DECIMAL, type.firstOr(NUMERIC_DIGITS), type.second()));
            case "real" -> List.of(ColumnType.of(Kind.FLOAT));
            case "double precision" -> List.of(ColumnType.of(Kind.DOUBLE));
            case "date" -> List.of(ColumnType.of(Kind.NAIVE_DATE));
            case "timestamp" -> time(type, Kind.NAIVE_DATETIME);
            case "timestamp with time zone" -> time(type, Kind.UTC_DATETIME);
            case "binary varying" -> List.of(ColumnType.of(Kind.BINARY));
            case "character varying" -> List.of(ColumnType.of(Kind.STRING));
            case "json" -> List.of(ColumnType.of(Kind.JSON));
            default -> List.of();
        };
    }

    private static List<ColumnType> time(SqlType type, Kind kind) {
        return type.firstOr(MICROSECONDS) >= MICROSECONDS ? List.of(ColumnType.of(kind)) : List.of();
    }

    @Override
    public SizeLimit limitOf(SqlType type) {
        return switch (type.base()) {
            case "character varying" -> SizeLimit.characters(type.firstOr(LONGEST));
            case "binary varying", "json" -> SizeLimit.bytes(type.firstOr(LONGEST));
            default -> SizeLimit.NONE;
        };
    }

    @Override
    public @Nullable String problemOf(String name) {
        if (name.isEmpty()) {
            return "is empty";
        }
        return name.length() > NAME_LENGTH ? "has more than the " + NAME_LENGTH + " characters of H2's names" : null;
    }

    @Override
    public String changeType(TableName table, Column column, String type) {
        return "ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(column.name()) + " SET DATA TYPE " + type;
    }

    /** Booleans are {@code true} and {@code false}, as in JSON, and numbers have no zeros at their end. */
    @Override
    public List<String> widen(TableName table, Column column, ColumnType wider) {
        String change = changeType(table, column, typeOf(wider));
        String text = "CAST(" + quote(column.name()) + " AS VARCHAR)";
        if (wider.kind() == Kind.STRING && column.type().kind() == Kind.BOOLEAN) {
            return List.of(change + " USING LOWER(" + text + ")");
        }
        return wider.kind() == Kind.STRING && column.type().scale() > 0
                ? List.of(change + " USING " + PageSql.withoutZerosAtTheEnd(text))
                : List.of(change);
    }
}
