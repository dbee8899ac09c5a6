package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.Guard;
import io.keysetsync.table.Row;
import io.keysetsync.table.SizeLimit;
import io.keysetsync.table.TableName;
import io.keysetsync.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

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
    public String endIdleTransactions(int seconds) {
        return "SET idle_in_transaction_session_timeout = '" + seconds + "s'";
    }

    /** {@inheritDoc} The setting is the transaction's, and so can't be made before a statement that is repeated after a rollback. */
    @Override
    public String lockingRows(String table, String condition, int seconds) {
        return "SELECT * FROM (SELECT set_config('lock_timeout', '" + seconds + "s', true)) AS most, " + table
                + " AS locked WHERE " + condition + " FOR UPDATE OF locked";
    }

    @Override
    public String jobStoreScript() {
        return "tables_postgres.sql";
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
        return "DELETE FROM " + quote(table.name()) + " AS t USING (" + page(table) + ") AS s WHERE "
                + PageSql.sameKey(table, "t.", "s.", this) + " AND "
                + PageSql.isNotNewer(guard, "t.", "s.", this);
    }

    /**
     * {@inheritDoc} The arrays are unnested in a select list, which passes on one row at a time; in {@code FROM},
     * PostgreSQL first stores the rows of each array (its manual, "SQL Functions Returning Sets": both make the same rows).
     */
    @Override
    public String page(TableSchema table) {
        return PageSql.page(table.columns(), PageSql.unnestedByQuery(table.columns(), "text[]"), this, this::cast);
    }

    @Override
    public String upsert(TableSchema table, Guard guard, String page) {
        String name = quote(table.name());
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

    @Override
    public String schemaOfName() {
        return "SELECT 1 FROM pg_namespace WHERE nspname = :schema";
    }

    /** A table's oid, or null. The cast to {@code regclass} would ask for a right on the schema. */
    private static String oid(TableName table) {
        return table.schema() == null
                ? "to_regclass(quote_ident(:table))"
                : "(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = :schema AND c.relname = :table)";
    }

    /** {@inheritDoc} A collation is named only if it takes different texts for equal. */
    @Override
    public String columnsOfTable(TableName table) {
        return "SELECT CAST(attname AS text), format_type(atttypid, atttypmod), NOT attnotnull,"
                + " atthasdef OR attidentity <> '', (SELECT CAST(collname AS text) FROM pg_collation"
                + " WHERE pg_collation.oid = attcollation AND NOT collisdeterministic), attgenerated <> '' OR attidentity = 'a', ("
                + unfitKindOfTable(table)
                + ") FROM pg_attribute"
                + " WHERE attrelid = " + oid(table) + " AND attnum > 0 AND NOT attisdropped"
                + " ORDER BY attnum";
    }

    /** {@inheritDoc} A right on some of the columns counts: an administrator may have given what the schema needs. */
    @Override
    public boolean has(JdbcTemplate jdbc, Right right, TableName table, String column) {
        String query =
                switch (right) {
                    case CREATE ->
                        table.schema() == null
                                ? "SELECT has_schema_privilege(current_schema(), 'CREATE')"
                                : "SELECT coalesce((SELECT has_schema_privilege(oid, 'CREATE') AND"
                                        + " has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = :schema),"
                                        + " has_database_privilege(current_database(), 'CREATE'))";
                    case DELETE -> "SELECT has_table_privilege(" + oid(table) + ", 'DELETE')";
                    default -> "SELECT has_any_column_privilege(" + oid(table) + ", '" + right.name() + "')";
                };
        return Boolean.TRUE.equals(
                new NamedParameterJdbcTemplate(jdbc).queryForObject(query, Tables.parameters(table), Boolean.class));
    }

    @Override
    public String grantedOn(JdbcTemplate jdbc, TableName table, boolean exists) {
        String query = exists
                ? "SELECT quote_ident(nspname) || '.' || quote_ident(relname) FROM pg_class JOIN pg_namespace"
                        + " ON pg_namespace.oid = relnamespace WHERE pg_class.oid = " + oid(table)
                : table.schema() == null
                        ? "SELECT 'SCHEMA ' || quote_ident(coalesce(current_schema(), 'public'))"
                        : "SELECT coalesce((SELECT 'SCHEMA ' || quote_ident(nspname) FROM pg_namespace WHERE nspname ="
                                + " :schema), 'DATABASE ' || quote_ident(current_database()))";
        return String.valueOf(
                new NamedParameterJdbcTemplate(jdbc).queryForObject(query, Tables.parameters(table), String.class));
    }

    /** {@inheritDoc} Without {@code USAGE}, a schema is not found. */
    @Override
    public String grant(String rights, String on, String user) {
        return Database.super.grant(on.startsWith("SCHEMA ") ? "USAGE, " + rights : rights, on, user);
    }

    @Override
    public String unfitKindOfTable(TableName table) {
        return "SELECT CASE relkind WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN"
                + " 'a foreign table' END FROM pg_class WHERE oid = " + oid(table);
    }

    @Override
    public String encoding() {
        return "SHOW server_encoding";
    }

    @Override
    public String uniqueKeysOfTable(TableName table) {
        return "SELECT CAST(indexrelid AS text), CAST(attname AS text)"
                + " FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
                + " WHERE indrelid = " + oid(table) + " AND indisunique AND indisvalid AND indimmediate"
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
    public String changeType(TableName table, Column column, String type) {
        return changeType(table, column, type, quote(column.name()));
    }

    /** {@inheritDoc} A number that becomes text has no zeros at its end. */
    @Override
    public List<String> widen(TableName table, Column column, ColumnType wider) {
        String name = quote(column.name());
        boolean losesZeros = wider.kind() == Kind.STRING && column.type().kind() == Kind.DECIMAL;
        return List.of(
                refusable(changeType(table, column, typeOf(wider), losesZeros ? "trim_scale(" + name + ")" : name)));
    }

    /**
     * A change that the database may refuse because a view, a rule or the like uses the column. It says so by the SQLSTATE
     * {@code 0A000}, by which HikariCP takes a connection for broken and closes it, with the page's transaction. Another
     * SQLSTATE says the same and leaves the connection alone.
     *
     * @see <a href="https://github.com/brettwooldridge/HikariCP/blob/HikariCP-6.3.3/src/main/java/com/zaxxer/hikari/pool/ProxyConnection.java">
     *     HikariCP's list</a>
     */
    private static String refusable(String ddl) {
        StringBuilder quote = new StringBuilder("$ddl");
        while (ddl.contains(quote)) {
            quote.append('_'); // a field's name may hold anything
        }
        quote.append('$');
        return "DO " + quote + " BEGIN " + ddl + "; EXCEPTION WHEN feature_not_supported THEN"
                + " RAISE EXCEPTION USING ERRCODE = 'invalid_table_definition', MESSAGE = SQLERRM; END " + quote;
    }

    private String changeType(TableName table, Column column, String type, String value) {
        return "ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(column.name()) + " TYPE " + type
                + " USING CAST(" + value + " AS " + type + ")";
    }
}
