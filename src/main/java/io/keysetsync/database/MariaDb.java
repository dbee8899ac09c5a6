package io.keysetsync.database;

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
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** MariaDB 10.6 and later. {@link MariaDbPage} has the form in which a page goes to the server. */
final class MariaDb implements Database {

    /** The collation that compares every character, also letters that differ in case, and spaces at the end. */
    static final String EXACT = "utf8mb4_nopad_bin";

    private static final String EXACT_TEXT = " CHARACTER SET utf8mb4 COLLATE " + EXACT;

    /** The bytes of InnoDB's longest index key (MariaDB's manual, "InnoDB Limitations"). */
    private static final int KEY_BYTES = 3072;

    /** More than the bytes of a column of a number or a time in a key, {@code DECIMAL(38,s)} being the longest. */
    private static final int NUMBER_BYTES = 20;

    private static final int NO_SUCH_TABLE = 1146;

    /** The errors about a right on a database, a table, a column (MariaDB's manual, "MariaDB Error Codes"). */
    private static final Set<Integer> DENIED = Set.of(1044, 1142, 1143);

    private static final int MICROSECONDS = 6;
    private static final int BYTES_PER_CHARACTER = 4;

    @Override
    public String name() {
        return "mariadb";
    }

    @Override
    public String oldestVersion() {
        return "10.6";
    }

    @Override
    public String typeOf(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "BOOLEAN";
            case SHORT -> "SMALLINT";
            case INT -> "INT";
            case LONG -> "BIGINT";
            case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
            case FLOAT, DOUBLE -> "DOUBLE"; // of a FLOAT, MariaDB shows six digits
            case NAIVE_DATE -> "DATE";
            case NAIVE_DATETIME, UTC_DATETIME -> "DATETIME(6)";
            case BINARY -> "LONGBLOB";
            case XML, STRING -> "LONGTEXT" + EXACT_TEXT;
            case JSON -> "JSON";
        };
    }

    /** An index takes neither text nor bytes without a length. */
    @Override
    public String keyTypeOf(ColumnType type, TableSchema table) {
        long unlimited = table.keyColumns().stream()
                .filter(column -> isUnlimited(column.type()))
                .count();
        if (!isUnlimited(type)) {
            return typeOf(type);
        }
        long bytes = (KEY_BYTES - NUMBER_BYTES * (table.primaryKey().size() - unlimited)) / unlimited;
        return type.kind() == Kind.BINARY
                ? "VARBINARY(" + bytes + ")"
                : "VARCHAR(" + bytes / BYTES_PER_CHARACTER + ")" + EXACT_TEXT;
    }

    /** Whether values of a type have any length. */
    static boolean isUnlimited(ColumnType type) {
        return switch (type.kind()) {
            case BINARY, XML, STRING, JSON -> true;
            default -> false;
        };
    }

    @Override
    public String textType() {
        return "LONGTEXT" + EXACT_TEXT;
    }

    @Override
    public String keyTextType() {
        return "VARCHAR(255)" + EXACT_TEXT;
    }

    /** {@code TIMESTAMP} ends in 2038, and what is read from it depends on the session's time zone. */
    @Override
    public String timeType() {
        return "DATETIME(6)";
    }

    /** The driver would convert other types to the JVM's time zone. */
    @Override
    public Object parameterOf(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public Instant instantAt(ResultSet row, int column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    @Override
    public boolean takesNulInText() {
        return true;
    }

    /** {@code ANSI_QUOTES} may be off, but backticks quote in any mode. */
    @Override
    public String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    public String delete(TableSchema table, Guard guard) {
        return "DELETE o FROM " + quote(table.name()) + " AS o JOIN (" + page(table) + ") AS s ON "
                + PageSql.sameKey(table, "o.", "s.", this) + " WHERE "
                + PageSql.isNotNewer(guard, "o.", "s.", this);
    }

    @Override
    public String upsert(TableSchema table, Guard guard, String page) {
        return new MariaDbUpsert(table, guard, this).of(page);
    }

    @Override
    public String page(TableSchema table) {
        return MariaDbPage.query(table, this);
    }

    @Override
    public String inCodePoints(String text) {
        return "CONVERT(" + text + " USING utf8mb4) COLLATE " + EXACT;
    }

    @Override
    public List<Object> parameters(List<Column> columns, List<Row> rows) {
        return MariaDbPage.parameters(columns, rows);
    }

    /** The server closes the connection over a larger packet. */
    @Override
    public String maxStatement() {
        return "SELECT @@max_allowed_packet";
    }

    @Override
    public boolean fits(List<Column> columns, List<Row> rows, long maxStatement) {
        return MariaDbPage.fits(columns, rows, maxStatement);
    }

    /** A name in other letters is the same table only if the server says so. */
    private static String isTable(String alias, TableName table) {
        return alias + ".TABLE_SCHEMA = " + schemaOf(table)
                + (table.schema() == null ? "" : isExactly(alias + ".TABLE_SCHEMA", ":schema")) + " AND " + alias
                + ".TABLE_NAME = :table" + isExactly(alias + ".TABLE_NAME", ":table");
    }

    private static String isExactly(String column, String name) {
        return " AND (@@lower_case_table_names <> 0 OR BINARY " + column + " = BINARY " + name + ")";
    }

    private static String schemaOf(TableName table) {
        return table.schema() == null ? "DATABASE()" : ":schema";
    }

    @Override
    public String schemaOfName() {
        return "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = :schema"
                + isExactly("SCHEMA_NAME", ":schema");
    }

    /** Both places name the table as a constant: for a comparison, MariaDB would open each table of the server. */
    @Override
    public String columnsOfTable(TableName table) {
        return "SELECT c.COLUMN_NAME, IF(c.COLUMN_TYPE = 'longtext' AND c.COLLATION_NAME LIKE 'utf8mb4%' AND EXISTS (SELECT 1 FROM information_schema.CHECK_CONSTRAINTS k"
                + " WHERE k.CONSTRAINT_SCHEMA = " + schemaOf(table)
                + " AND k.TABLE_NAME = :table AND k.LEVEL = 'Column'"
                + " AND k.CONSTRAINT_NAME = c.COLUMN_NAME AND k.CHECK_CLAUSE LIKE 'json_valid(%'), 'json',"
                + " c.COLUMN_TYPE), c.IS_NULLABLE = 'YES', c.COLUMN_DEFAULT IS NOT NULL OR c.EXTRA <> '',"
                + " c.COLLATION_NAME, c.EXTRA LIKE '%GENERATED%', (" + unfitKindOfTable(table)
                + ") FROM information_schema.COLUMNS c WHERE " + isTable("c", table)
                + " ORDER BY c.ORDINAL_POSITION";
    }

    /** {@inheritDoc} Without transactions and savepoints, a page would be saved in part. */
    @Override
    public String unfitKindOfTable(TableName table) {
        return "SELECT CASE WHEN t.TABLE_TYPE LIKE '%VIEW' THEN 'a view' WHEN t.TABLE_TYPE = 'SEQUENCE' THEN 'a sequence'"
                + " WHEN NOT EXISTS (SELECT 1 FROM information_schema.ENGINES e WHERE e.ENGINE = t.ENGINE AND"
                + " e.TRANSACTIONS = 'YES' AND e.SAVEPOINTS = 'YES') THEN CONCAT('a table of the storage engine ', t.ENGINE,"
                + " ', which has no transactions') END FROM information_schema.TABLES t WHERE " + isTable("t", table);
    }

    /** The default storage engine may be another one. */
    @Override
    public String tableOptions() {
        return " ENGINE=InnoDB";
    }

    @Override
    public String exactTableOptions() {
        return EXACT_TEXT;
    }

    @Override
    public String endIdleTransactions(int seconds) {
        return "SET SESSION idle_transaction_timeout = " + seconds;
    }

    @Override
    public String lockingRows(String table, String condition, int seconds) {
        return "SELECT * FROM " + table + " WHERE " + condition + " FOR UPDATE WAIT " + seconds;
    }

    @Override
    public String jobStoreScript() {
        return "tables_mysql_innodb.sql";
    }

    /** These modes change what a statement's own text means; all others are set for the statement that saves rows. */
    @Override
    public String unfitSession() {
        return "SELECT CASE WHEN FIND_IN_SET('EMPTY_STRING_IS_NULL', @@sql_mode) THEN 'sql_mode EMPTY_STRING_IS_NULL, which"
                + " would store empty text as null; set another one, as by ?sessionVariables=sql_mode=STRICT_TRANS_TABLES in its url' WHEN FIND_IN_SET('ORACLE', @@sql_mode) THEN 'sql_mode ORACLE, in which"
                + " types and functions mean something else; set another one' END";
    }

    /**
     * {@inheritDoc} The server prepares a statement without executing it, and refuses one that the user may not execute.
     * Unlike the catalogue, it knows the rights of roles and of patterns.
     */
    @Override
    public boolean has(JdbcTemplate jdbc, Right right, TableName table, String column) {
        String name = quote(table);
        String field = quote(column);
        String statement =
                switch (right) {
                    case CREATE -> "CREATE TABLE " + name + " (" + field + " INT)";
                    case SELECT -> "SELECT " + field + " FROM " + name;
                    case INSERT -> "INSERT INTO " + name + " (" + field + ") VALUES (NULL)";
                    case UPDATE -> "UPDATE " + name + " SET " + field + " = NULL";
                    case DELETE -> "DELETE FROM " + name;
                };
        return Boolean.TRUE.equals(jdbc.execute((ConnectionCallback<Boolean>) connection -> {
            try (PreparedStatement text = connection.prepareStatement("SET @keyset_sync = ?");
                    Statement prepare = connection.createStatement()) {
                text.setString(1, statement);
                text.execute();
                prepare.execute("PREPARE keyset_sync FROM @keyset_sync");
                prepare.execute("DEALLOCATE PREPARE keyset_sync");
                return true;
            } catch (SQLException e) {
                if (e.getErrorCode() == NO_SUCH_TABLE) {
                    return true; // which the server looks for after the right
                }
                if (DENIED.contains(e.getErrorCode())) {
                    return false;
                }
                throw e;
            }
        }));
    }

    @Override
    public boolean ownsWhatItCreates() {
        return false;
    }

    @Override
    public String grantedOn(JdbcTemplate jdbc, TableName table, boolean exists) {
        String schema = table.schema() == null
                ? String.valueOf(jdbc.queryForObject("SELECT DATABASE()", String.class))
                : table.schema();
        return quote(schema) + "." + (exists ? quote(table.table()) : "*");
    }

    @Override
    public String grantee(JdbcTemplate jdbc) {
        return String.valueOf(jdbc.queryForObject(
                "SELECT CONCAT(QUOTE(REGEXP_REPLACE(CURRENT_USER(), '@[^@]*$', '')), '@',"
                        + " QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))",
                String.class));
    }

    /** {@inheritDoc} An index on the first characters of a column is no key of that column; they are named with it. */
    @Override
    public String uniqueKeysOfTable(TableName table) {
        return "SELECT s.INDEX_NAME,"
                + " IF(s.SUB_PART IS NULL, s.COLUMN_NAME, CONCAT(s.COLUMN_NAME, '(', s.SUB_PART, ')')) FROM information_schema.STATISTICS s WHERE "
                + isTable("s", table)
                + " AND s.NON_UNIQUE = 0 ORDER BY s.INDEX_NAME, s.SEQ_IN_INDEX";
    }

    @Override
    public List<ColumnType> typesOf(SqlType type) {
        boolean utf8 = type.collation() == null || type.collation().startsWith("utf8mb4_");
        return switch (type.base()) {
            case "tinyint" -> type.firstOr(0) == 1 ? List.of(ColumnType.of(Kind.BOOLEAN)) : List.of();
            case "smallint", "mediumint" -> List.of(ColumnType.of(Kind.SHORT));
            case "int" -> List.of(ColumnType.of(Kind.INT));
            case "bigint" -> List.of(ColumnType.of(Kind.LONG));
            case "decimal" -> List.of(new ColumnType(Kind.DECIMAL, type.firstOr(10), type.second()));
            case "double" ->
                type.first() == null // with digits, as in DOUBLE(10,2), it rounds
                        ? List.of(ColumnType.of(Kind.DOUBLE), ColumnType.of(Kind.FLOAT))
                        : List.of();
            case "date" -> List.of(ColumnType.of(Kind.NAIVE_DATE));
            case "datetime" ->
                type.firstOr(0) == MICROSECONDS
                        ? List.of(ColumnType.of(Kind.UTC_DATETIME), ColumnType.of(Kind.NAIVE_DATETIME))
                        : List.of();
            case "varbinary", "blob", "mediumblob", "longblob" -> List.of(ColumnType.of(Kind.BINARY));
            case "json" -> List.of(ColumnType.of(Kind.JSON));
            case "longtext" -> utf8 ? List.of(ColumnType.of(Kind.STRING), ColumnType.of(Kind.JSON)) : List.of();
            case "varchar", "text", "mediumtext" -> utf8 ? List.of(ColumnType.of(Kind.STRING)) : List.of();
            default -> List.of();
        };
    }

    @Override
    public SizeLimit limitOf(SqlType type) {
        return switch (type.base()) {
            case "varchar" -> SizeLimit.characters(type.firstOr(0));
            case "varbinary" -> SizeLimit.bytes(type.firstOr(0));
            case "text", "blob" -> SizeLimit.bytes((1 << 16) - 1);
            case "mediumtext", "mediumblob" -> SizeLimit.bytes((1 << 24) - 1);
            default -> SizeLimit.NONE;
        };
    }

    /** The depth that {@code JSON_VALID} takes (MariaDB's source, {@code JSON_DEPTH_LIMIT}). */
    @Override
    public int maxJsonDepth() {
        return 31;
    }

    @Override
    public boolean comparesKeysExactly(SqlType type) {
        return type.collation() == null || type.collation().equals(EXACT);
    }

    @Override
    public boolean upsertsByAnyKey() {
        return true;
    }

    @Override
    public String folded(String name) {
        return MariaDbNames.folded(name);
    }

    @Override
    public List<String> widen(TableName table, Column column, ColumnType wider) {
        return new MariaDbWidening(table, column, this).to(wider);
    }

    @Override
    public List<String> afterRefusedWiden(TableName table, Column column) {
        return new MariaDbWidening(table, column, this).undo();
    }

    @Override
    public @Nullable String problemOf(String name) {
        return MariaDbNames.problemOf(name);
    }

    /** {@inheritDoc} The driver puts {@code SET STATEMENT} before statements; before another one it has no effect. */
    @Override
    public String withTimeout(String statement, int seconds) {
        return statement.startsWith(MariaDbUpsert.SET_STATEMENT)
                ? MariaDbUpsert.SET_STATEMENT
                        + "max_statement_time=" + seconds + ", "
                        + statement.substring(MariaDbUpsert.SET_STATEMENT.length())
                : statement;
    }

    @Override
    public List<String> withLockTimeout(String ddl, int seconds) {
        return List.of(
                "SET STATEMENT lock_wait_timeout=" + seconds + ", innodb_lock_wait_timeout=" + seconds + " FOR " + ddl);
    }

    @Override
    public Map<String, String> silenceLimit(Duration silence) {
        return Map.of("socketTimeout", Long.toString(silence.toMillis()), "tcpKeepAlive", "true");
    }

    @Override
    public String changeType(TableName table, Column column, String type) {
        return "ALTER TABLE " + quote(table) + " MODIFY COLUMN " + quote(column.name()) + " " + type;
    }
}
