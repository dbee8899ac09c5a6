package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.Guard;
import io.keysetsync.table.Row;
import io.keysetsync.table.SizeLimit;
import io.keysetsync.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** PostgreSQL 13 and later. */
final class PostgreSql implements Database {

    private static final int NAME_BYTES = 63;
    private static final int MICROSECONDS = 6;

    /** PostgreSQL's manual, 5.6. */
    private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    /** The most digits of a {@code numeric} without a precision, and after its point (PostgreSQL's manual, 8.1.2). */
    private static final int NUMERIC_DIGITS = 131072 + 16383;

    private static final int NUMERIC_SCALE = 16383;

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String oldestVersion() {
        return "13";
    }

    @Override
    public String typeOf(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "boolean";
            case SHORT -> "smallint";
            case INT -> "integer";
            case LONG -> "bigint";
            case DECIMAL -> "numeric(" + type.precision() + "," + type.scale() + ")";
            case FLOAT -> "real";
            case DOUBLE -> "double precision";
            case NAIVE_DATE -> "date";
            case NAIVE_DATETIME -> "timestamp(6)";
            case UTC_DATETIME -> "timestamp(6) with time zone";
            case BINARY -> "bytea";
            case XML, STRING -> "text";
            case JSON -> "jsonb";
        };
    }

    @Override
    public String textType() {
        return "text";
    }

    /** PostgreSQL's manual, 8.3: "The character with code zero cannot be stored". */
    @Override
    public boolean takesNulInText() {
        return false;
    }

    @Override
    public String delete(TableSchema table, Guard guard) {
        return "DELETE FROM " + quote(table.table()) + " AS t USING (" + page(table) + ") AS s WHERE "
                + PageSql.sameKey(table, "t.", "s.", this) + " AND "
                + PageSql.isNotNewer(guard, "t.", "s.", this);
    }

    @Override
    public String page(TableSchema table) {
        return PageSql.page(table.columns(), column -> "text[]", this, this::cast);
    }

    @Override
    public String upsert(TableSchema table, Guard guard, String page) {
        String name = quote(table.table());
        String insert = "INSERT INTO " + name + " (" + quoted("", table.columns()) + ") " + page + " ON CONFLICT ("
                + quoted(table.primaryKey()) + ") DO ";
        if (table.comparedColumns().isEmpty()) {
            return insert + "NOTHING";
        }
        return insert + "UPDATE SET " + PageSql.assignments(table, "excluded.", this) + " WHERE "
                + PageSql.replaces(table, guard, name + ".", "excluded.", this);
    }

    /** {@inheritDoc} The collation compares bytes, which in UTF-8 are in the order of the code points. */
    @Override
    public String inCodePoints(String text) {
        return text + " COLLATE \"C\"";
    }

    @Override
    public List<Object> parameters(List<Column> columns, List<Row> rows) {
        return List.of((Object[]) PageSql.columns(columns.size(), rows));
    }

    private String cast(Column column, String value) {
        return column.type().kind() == ColumnType.Kind.BINARY
                ? "decode(" + value + ", 'hex')"
                : "CAST(" + value + " AS " + typeOf(column.type()) + ")";
    }

    /** {@inheritDoc} A collation is named only if it takes different texts for equal. */
    @Override
    public String columnsOfTable() {
        return "SELECT CAST(attname AS text), format_type(atttypid, atttypmod), NOT attnotnull,"
                + " atthasdef OR attidentity <> '', (SELECT CAST(collname AS text) FROM pg_collation"
                + " WHERE pg_collation.oid = attcollation AND NOT collisdeterministic), attgenerated <> '' OR attidentity = 'a', ("
                + unfitKindOfTable()
                + ") FROM pg_attribute"
                + " WHERE attrelid = to_regclass(quote_ident(:table)) AND attnum > 0 AND NOT attisdropped"
                + " ORDER BY attnum";
    }

    /** {@inheritDoc} A right on some of the columns counts: an administrator may have given what the schema needs. */
    @Override
    public boolean has(JdbcTemplate jdbc, Right right, String table, String column) {
        String query =
                switch (right) {
                    case CREATE -> "SELECT has_schema_privilege(current_schema(), 'CREATE') WHERE ? IS NOT NULL";
                    case DELETE -> "SELECT has_table_privilege(to_regclass(quote_ident(?)), 'DELETE')";
                    default -> "SELECT has_any_column_privilege(to_regclass(quote_ident(?)), '" + right.name() + "')";
                };
        return Boolean.TRUE.equals(jdbc.queryForObject(query, Boolean.class, table));
    }

    @Override
    public String grantedOn(JdbcTemplate jdbc, String table, boolean exists) {
        String query = exists
                ? "SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class JOIN pg_namespace"
                        + " ON pg_namespace.oid = relnamespace WHERE pg_class.oid = to_regclass(quote_ident(?))"
                : "SELECT 'SCHEMA ' || quote_ident(coalesce(current_schema(), 'public')) WHERE ? IS NOT NULL";
        return String.valueOf(jdbc.queryForObject(query, String.class, table));
    }

    /** {@inheritDoc} Without {@code USAGE}, a schema is not found. */
    @Override
    public String grant(String rights, String on, String user) {
        return Database.super.grant(on.startsWith("SCHEMA ") ? "USAGE, " + rights : rights, on, user);
    }

    @Override
    public String unfitKindOfTable() {
        return "SELECT CASE relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN"
                + " 'a foreign table' END FROM pg_class WHERE oid = to_regclass(quote_ident(:table))";
    }

    @Override
    public String encoding() {
        return "SHOW server_encoding";
    }

    @Override
    public String uniqueKeysOfTable() {
        return "SELECT CAST(indexrelid AS text), CAST(attname AS text)"
                + " FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
                + " WHERE indrelid = to_regclass(quote_ident(:table)) AND indisunique AND indisvalid AND indimmediate"
                + " AND indpred IS NULL AND indexprs IS NULL AND indnkeyatts = indnatts ORDER BY 1, 2";
    }

    @Override
    public List<ColumnType> typesOf(SqlType type) {
        return switch (type.base()) {
            case "boolean" -> List.of(ColumnType.of(Kind.BOOLEAN));
            case "smallint" -> List.of(ColumnType.of(Kind.SHORT));
            case "integer" -> List.of(ColumnType.of(Kind.INT));
            case "bigint" -> List.of(ColumnType.of(Kind.LONG));
            case "numeric" ->
                List.of(new ColumnType(
                        Kind.DECIMAL,
                        type.firstOr(NUMERIC_DIGITS),
                        type.first() == null ? NUMERIC_SCALE : type.second()));
            case "real" -> List.of(ColumnType.of(Kind.FLOAT));
            case "double precision" -> List.of(ColumnType.of(Kind.DOUBLE));
            case "date" -> List.of(ColumnType.of(Kind.NAIVE_DATE));
            case "timestamp without time zone" -> time(type, Kind.NAIVE_DATETIME);
            case "timestamp with time zone" -> time(type, Kind.UTC_DATETIME);
            case "bytea" -> List.of(ColumnType.of(Kind.BINARY));
            case "text", "character varying" ->
                type.collation() == null ? List.of(ColumnType.of(Kind.STRING)) : List.of();
            case "jsonb" -> List.of(ColumnType.of(Kind.JSON));
            default -> List.of();
        };
    }

    private static List<ColumnType> time(SqlType type, Kind kind) {
        return type.firstOr(MICROSECONDS) == MICROSECONDS ? List.of(ColumnType.of(kind)) : List.of();
    }

    @Override
    public SizeLimit limitOf(SqlType type) {
        return type.base().equals("character varying") && type.first() != null
                ? SizeLimit.characters(type.first())
                : SizeLimit.NONE;
    }

    /** Cuts longer names in silence (PostgreSQL's manual, 4.1.1). */
    @Override
    public @Nullable String problemOf(String name) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.indexOf(0) >= 0) {
            return "has U+0000, which PostgreSQL's names can't have";
        }
        if (SYSTEM_COLUMNS.contains(name)) {
            return "is that of a column that PostgreSQL's tables have by themselves";
        }
        return name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES
                ? "has more than the " + NAME_BYTES + " bytes of PostgreSQL's names"
                : null;
    }

    @Override
    public List<String> withLockTimeout(String ddl, int seconds) {
        return List.of("SET LOCAL lock_timeout = '" + seconds + "s'", ddl);
    }

    @Override
    public Map<String, String> silenceLimit(Duration silence) {
        return Map.of("socketTimeout", Long.toString(silence.plusMillis(999).toSeconds()), "tcpKeepAlive", "true");
    }

    @Override
    public String changeType(String table, Column column, String type) {
        return changeType(table, column, type, quote(column.name()));
    }

    /** {@inheritDoc} A number that becomes text has no zeros at its end. */
    @Override
    public List<String> widen(String table, Column column, ColumnType wider) {
        String name = quote(column.name());
        boolean losesZeros = wider.kind() == Kind.STRING && column.type().kind() == Kind.DECIMAL;
        return List.of(changeType(table, column, typeOf(wider), losesZeros ? "trim_scale(" + name + ")" : name));
    }

    private String changeType(String table, Column column, String type, String value) {
        return "ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(column.name()) + " TYPE " + type
                + " USING CAST(" + value + " AS " + type + ")";
    }
}
