package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.Row;
import io.keysetsync.table.SizeLimit;
import io.keysetsync.table.TableSchema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB 10.6 and later.
 *
 * <p>It has no array parameters. A page is three parameters instead: a directory, which has for each row the numbers and
 * times themselves and, of the values of any length, where each begins and how long it is; the bytes of these, one after
 * the other; and a JSON array of where each row begins in the directory, of which {@code JSON_TABLE} makes the rows. The
 * values themselves are not in the JSON: {@code JSON_TABLE} reads a row from its beginning for each of its columns, and
 * does not resolve the escapes in texts (as of 10.11).
 */
final class MariaDb implements Database {

    /** Compares every character, also letters that differ in case, and spaces at the end. */
    private static final String EXACT = "utf8mb4_nopad_bin";

    private static final String EXACT_TEXT = " CHARACTER SET utf8mb4 COLLATE " + EXACT;

    /** The bytes of InnoDB's longest index key (MariaDB's manual, "InnoDB Limitations"). */
    private static final int KEY_BYTES = 3072;

    /** More than the bytes of a column of a number or a time in a key, {@code DECIMAL(38,s)} being the longest. */
    private static final int NUMBER_BYTES = 20;

    /** More than a statement's own text has, without and for each of its columns. */
    private static final int STATEMENT_BYTES = 10_000;

    private static final int STATEMENT_BYTES_PER_COLUMN = 2_000;

    private static final int NAME_LENGTH = 64;
    private static final int MICROSECONDS = 6;
    private static final int BYTES_PER_CHARACTER = 4;

    /** Digits of a position or a length in a page's directory; a statement has at most 2³⁰ bytes. */
    private static final int DIGITS = 10;

    private static final String ABSENT = "0".repeat(DIGITS);

    /** The directory's place of a value of any length: its position and its length. */
    private static final int REFERENCE = 2 * DIGITS;

    /** More than the characters of a floating number: 18 digits, and a sign, a point, five zeros, or an exponent. */
    private static final int DOUBLE_LENGTH = 30;

    @Override
    public String name() {
        return "mariadb";
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

    private static boolean isUnlimited(ColumnType type) {
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
    public boolean storesUpperCase() {
        return false;
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

    /**
     * {@inheritDoc} MariaDB counts a row that it updates as two, so that the rows that are equal or newer are left out
     * beforehand, and {@code RETURNING} gives a row for each that is left. The guard is assigned last, because
     * assignments see those before them. The mode is the statement's own, so that a session that isn't strict can't cut
     * a value.
     */
    @Override
    public String delete(TableSchema table, String guard) {
        return "DELETE o FROM " + quote(table.table()) + " AS o JOIN (" + page(table) + ") AS s ON "
                + PageSql.sameKey(table, "o.", "s.", this) + " WHERE "
                + PageSql.isNotNewer(guard, "o.", "s.", this);
    }

    @Override
    public String upsert(TableSchema table, String guard, String page) {
        String name = quote(table.table());
        List<Column> data = table.comparedColumns();
        String isNew = "o." + quote(table.primaryKey().get(0)) + " IS NULL";
        String insert = "SET STATEMENT sql_mode = 'STRICT_ALL_TABLES' FOR INSERT INTO " + name + " ("
                + quoted("", table.columns()) + ") SELECT " + quoted("s.", table.columns()) + " FROM (" + page
                + ") AS s LEFT JOIN "
                + name + " AS o ON " + PageSql.sameKey(table, "o.", "s.", this) + " WHERE " + isNew;
        if (!data.isEmpty()) {
            insert += " OR (" + notNewer("o." + quote(guard), "s." + quote(guard)) + ") AND NOT ("
                    + data.stream().map(MariaDb.this::isSame).collect(Collectors.joining(" AND ")) + ")";
        }
        return insert + " ON DUPLICATE KEY UPDATE " + assignments(table, guard) + " RETURNING 1";
    }

    private String isSame(Column column) {
        String name = quote(column.name());
        return switch (column.type().kind()) {
            case STRING, XML, JSON -> "CONVERT(o." + name + " USING utf8mb4) COLLATE " + EXACT + " <=> s." + name;
            default -> "o." + name + " <=> s." + name;
        };
    }

    private static String notNewer(String existing, String incoming) {
        return existing + " IS NULL OR " + existing + " <= " + incoming;
    }

    /** Another runner may have inserted or changed a row meanwhile; an older one doesn't replace it even then. */
    private String assignments(TableSchema table, String guard) {
        String there = quote(table.table()) + "." + quote(guard);
        String replaces = notNewer(there, "VALUES(" + quote(guard) + ")");
        List<Column> ordered = new ArrayList<>(table.dataColumns());
        ordered.sort((a, b) -> Boolean.compare(a.name().equals(guard), b.name().equals(guard)));
        if (ordered.isEmpty()) {
            String first = quote(table.primaryKey().get(0));
            return first + " = VALUES(" + first + ")";
        }
        return ordered.stream()
                .map(c -> {
                    String column = quote(c.name());
                    return column + " = IF(" + replaces + ", VALUES(" + column + "), " + quote(table.table()) + "."
                            + column + ")";
                })
                .collect(Collectors.joining(", "));
    }

    /** Of each value its bytes, from the directory or where that says, cast. */
    @Override
    public String page(TableSchema table) {
        List<String> values = new ArrayList<>();
        int at = 1;
        for (Column column : table.columns()) {
            values.add(cast(column, slice(column.type(), at)) + " AS " + quote(column.name()));
            at += place(column.type());
        }
        return "SELECT " + String.join(", ", values) + " FROM JSON_TABLE(?, '$[*]' COLUMNS(begins INT PATH '$')) AS r,"
                + " (SELECT ? AS directory, ? AS bytes) AS page";
    }

    private static String slice(ColumnType type, int at) {
        if (!isUnlimited(type)) {
            int place = place(type);
            return "NULLIF(" + entry(at, place) + ", '" + " ".repeat(place) + "')";
        }
        return "SUBSTR(page.bytes, NULLIF(" + entry(at, DIGITS) + ", '" + ABSENT + "'), " + entry(at + DIGITS, DIGITS)
                + ")";
    }

    private static String entry(int at, int length) {
        return "SUBSTR(page.directory, r.begins + " + at + ", " + length + ")";
    }

    /** The characters of a value's place in the directory: the most that it has itself, or those of a reference to it. */
    private static int place(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> 1;
            case SHORT -> 6;
            case INT -> 11;
            case LONG -> 20;
            case DECIMAL -> type.precision() + "-0.".length();
            case FLOAT, DOUBLE -> DOUBLE_LENGTH;
            case NAIVE_DATE -> "0001-01-01".length();
            case NAIVE_DATETIME, UTC_DATETIME -> "0001-01-01 00:00:00.000000".length();
            case BINARY, XML, STRING, JSON -> REFERENCE;
        };
    }

    private static int places(List<Column> columns) {
        return columns.stream().mapToInt(column -> place(column.type())).sum();
    }

    private String cast(Column column, String bytes) {
        return switch (column.type().kind()) {
            case BINARY -> bytes;
            case STRING, XML, JSON -> "CONVERT(" + bytes + " USING utf8mb4) COLLATE " + EXACT;
            case BOOLEAN, SHORT, INT, LONG -> "CAST(" + bytes + " AS SIGNED)";
            default -> "CAST(" + bytes + " AS " + typeOf(column.type()) + ")";
        };
    }

    @Override
    public List<Object> parameters(List<Column> columns, List<Row> rows) {
        int width = places(columns);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        StringBuilder directory = new StringBuilder(width * rows.size());
        for (Row row : rows) {
            for (int i = 0; i < columns.size(); i++) {
                append(directory, bytes, columns.get(i).type(), row.values().get(i));
            }
        }
        String begins = IntStream.range(0, rows.size())
                .mapToObj(i -> Integer.toString(i * width))
                .collect(Collectors.joining(",", "[", "]"));
        // as bytes, too: in text, MariaDB would look for each position from the beginning
        return List.of(begins, directory.toString().getBytes(StandardCharsets.US_ASCII), bytes.toByteArray());
    }

    private static void append(
            StringBuilder directory, ByteArrayOutputStream bytes, ColumnType type, @Nullable String text) {
        if (!isUnlimited(type)) {
            String value = text == null ? "" : plain(type, text);
            directory.append(" ".repeat(place(type) - value.length())).append(value);
        } else if (text == null) {
            directory.append(ABSENT).append(ABSENT);
        } else {
            byte[] value =
                    type.kind() == Kind.BINARY ? HexFormat.of().parseHex(text) : text.getBytes(StandardCharsets.UTF_8);
            append(directory, bytes.size() + 1);
            append(directory, value.length);
            bytes.writeBytes(value);
        }
    }

    /** A number or a time as MariaDB reads it. */
    private static String plain(ColumnType type, String text) {
        return switch (type.kind()) {
            case BOOLEAN -> text.equals("true") ? "1" : "0";
            case UTC_DATETIME -> text.substring(0, text.indexOf('+'));
            default -> text;
        };
    }

    /** The server closes the connection over a larger packet. */
    @Override
    public String maxStatement() {
        return "SELECT @@max_allowed_packet";
    }

    /** Most pages are far from it, which the number of their characters shows. */
    @Override
    public boolean fits(List<Column> columns, List<Row> rows, long maxStatement) {
        long others = STATEMENT_BYTES
                + (long) STATEMENT_BYTES_PER_COLUMN * columns.size()
                + rows.size() * (DIGITS + 1L + places(columns));
        return others + 3 * sum(rows, String::length) <= maxStatement
                || others + sum(rows, MariaDb::escapedBytes) <= maxStatement;
    }

    private static long sum(List<Row> rows, ToLongFunction<String> size) {
        long sum = 0;
        for (Row row : rows) {
            for (String value : row.values()) {
                sum += value == null ? 0 : size.applyAsLong(value);
            }
        }
        return sum;
    }

    /** The bytes of a text as the driver puts it between quotes. */
    private static long escapedBytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isEscaped = c == '\'' || c == '"' || c == '\\' || c == 0;
            bytes += c >= 0x800 && !Character.isSurrogate(c) ? 3 : c >= 0x80 || isEscaped ? 2 : 1;
        }
        return bytes;
    }

    private static void append(StringBuilder directory, int number) {
        String digits = Integer.toString(number);
        directory.append(ABSENT, digits.length(), DIGITS).append(digits);
    }

    /** What is unquoted or quoted in other letters is the same table only where the server says so. */
    private static String isTable(String alias) {
        return alias + ".TABLE_SCHEMA = DATABASE() AND " + alias + ".TABLE_NAME = :table"
                + " AND (@@lower_case_table_names <> 0 OR BINARY " + alias + ".TABLE_NAME = BINARY :table)";
    }

    /** The table is a constant in both places: MariaDB would open each table of the server where it had to be compared. */
    @Override
    public String columnsOfTable() {
        return "SELECT c.COLUMN_NAME, IF(EXISTS (SELECT 1 FROM information_schema.CHECK_CONSTRAINTS k"
                + " WHERE k.CONSTRAINT_SCHEMA = DATABASE() AND k.TABLE_NAME = :table AND k.LEVEL = 'Column'"
                + " AND k.CONSTRAINT_NAME = c.COLUMN_NAME AND k.CHECK_CLAUSE LIKE 'json_valid(%'), 'json',"
                + " c.COLUMN_TYPE), c.IS_NULLABLE = 'YES', c.COLUMN_DEFAULT IS NOT NULL OR c.EXTRA <> '',"
                + " c.COLLATION_NAME FROM information_schema.COLUMNS c WHERE " + isTable("c")
                + " ORDER BY c.ORDINAL_POSITION";
    }

    @Override
    public String uniqueKeysOfTable() {
        return "SELECT s.INDEX_NAME, s.COLUMN_NAME FROM information_schema.STATISTICS s WHERE " + isTable("s")
                + " AND s.NON_UNIQUE = 0 ORDER BY s.INDEX_NAME, s.SEQ_IN_INDEX";
    }

    @Override
    public List<ColumnType> typesOf(SqlType type) {
        boolean utf8 = type.collation() == null || type.collation().startsWith("utf8mb4_");
        return switch (type.base()) {
            case "tinyint" -> type.firstOr(0) == 1 ? List.of(ColumnType.of(Kind.BOOLEAN)) : List.of();
            case "smallint" -> List.of(ColumnType.of(Kind.SHORT));
            case "int", "mediumint unsigned" -> List.of(ColumnType.of(Kind.INT));
            case "bigint" -> List.of(ColumnType.of(Kind.LONG));
            case "decimal" -> List.of(new ColumnType(Kind.DECIMAL, type.firstOr(10), type.second()));
            case "double" -> List.of(ColumnType.of(Kind.DOUBLE), ColumnType.of(Kind.FLOAT));
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

    /** As deep as {@code JSON_VALID} goes (MariaDB's source, {@code JSON_DEPTH_LIMIT}). */
    @Override
    public int maxJsonDepth() {
        return 31;
    }

    @Override
    public boolean tellsKeysApart(SqlType type) {
        return type.collation() == null || type.collation().equals(EXACT);
    }

    @Override
    public boolean upsertsByAnyKey() {
        return true;
    }

    /** Names of columns are compared without regard to case and accents. */
    @Override
    public String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .toUpperCase(Locale.ROOT);
    }

    /**
     * {@inheritDoc} MariaDB would write 1 for {@code true}, and zeros at a number's end. A second column has the texts
     * until all of them are written.
     */
    @Override
    public List<String> widen(String table, Column column, ColumnType wider) {
        String name = quote(column.name());
        if (wider.kind() == Kind.STRING && column.type().kind() == Kind.BOOLEAN) {
            return widen(table, column, wider, "IF(" + name + ", 'true', 'false')");
        }
        return wider.kind() == Kind.STRING && column.type().scale() > 0
                ? widen(table, column, wider, PageSql.withoutZerosAtTheEnd(name))
                : Database.super.widen(table, column, wider);
    }

    private List<String> widen(String table, Column column, ColumnType wider, String text) {
        String alter = "ALTER TABLE " + quote(table);
        String name = quote(column.name());
        String texts = quote(ColumnNames.hashed(column.name() + " as text"));
        return List.of(
                alter + " ADD COLUMN IF NOT EXISTS " + texts + " " + typeOf(wider),
                "UPDATE " + quote(table) + " SET " + texts + " = " + text + " WHERE " + name + " IS NOT NULL",
                alter + " DROP COLUMN " + name + ", CHANGE COLUMN " + texts + " " + name + " " + typeOf(wider));
    }

    /** MariaDB's manual, "Identifier Names". */
    @Override
    public @Nullable String problemOf(String name) {
        if (name.codePointCount(0, name.length()) > NAME_LENGTH) {
            return "has more than the " + NAME_LENGTH + " characters of MariaDB's names";
        }
        if (name.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
            return "has characters that MariaDB's names can't have";
        }
        return name.isEmpty() || Character.isWhitespace(name.charAt(name.length() - 1))
                ? "ends with a blank, which MariaDB's names can't"
                : null;
    }

    @Override
    public String changeType(String table, Column column, String type) {
        return "ALTER TABLE " + quote(table) + " MODIFY COLUMN " + quote(column.name()) + " " + type;
    }
}
