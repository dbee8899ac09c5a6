package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.Row;
import io.keysetsync.table.TableSchema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A page as the parameters of a MariaDB statement, and the query that reads rows from them.
 *
 * <p>MariaDB has no array parameters. A page is three parameters instead: a directory, which has for each row the numbers
 * and times themselves and, of the values of any length, where each begins and how long it is; the bytes of these, one
 * after the other; and a JSON array of where each row begins in the directory, of which {@code JSON_TABLE} makes the rows.
 * The values themselves are not in the JSON: {@code JSON_TABLE} reads a row from its beginning for each of its columns,
 * and does not resolve the escapes in texts (as of 10.11).
 */
final class MariaDbPage {

    /** More bytes than a statement's own text has, without its columns and for each of them. */
    private static final int STATEMENT_BYTES = 10_000;

    private static final int STATEMENT_BYTES_PER_COLUMN = 2_000;

    /** Digits of a position or a length in a page's directory; a statement has at most 2³⁰ bytes. */
    private static final int DIGITS = 10;

    private static final String ABSENT = "0".repeat(DIGITS);

    /** Characters of the directory's entry for a value of any length: its position and its length. */
    private static final int REFERENCE = 2 * DIGITS;

    /** More than the characters of a floating number: 18 digits, and a sign, a point, five zeros, or an exponent. */
    private static final int DOUBLE_LENGTH = 30;

    private MariaDbPage() {}

    /** The query that reads the rows: the bytes of each value, cast to its column's type. */
    static String query(TableSchema table, Database database) {
        List<String> values = new ArrayList<>();
        int at = 1;
        for (Column column : table.columns()) {
            values.add(
                    cast(column.type(), bytesOf(column.type(), at), database) + " AS " + database.quote(column.name()));
            at += width(column.type());
        }
        return "SELECT " + String.join(", ", values) + " FROM JSON_TABLE(?, '$[*]' COLUMNS(begins INT PATH '$')) AS r,"
                + " (SELECT ? AS directory, ? AS bytes) AS page";
    }

    private static String bytesOf(ColumnType type, int at) {
        if (!MariaDb.isUnlimited(type)) {
            int width = width(type);
            return "NULLIF(" + entry(at, width) + ", '" + " ".repeat(width) + "')";
        }
        return "SUBSTR(page.bytes, NULLIF(" + entry(at, DIGITS) + ", '" + ABSENT + "'), " + entry(at + DIGITS, DIGITS)
                + ")";
    }

    private static String entry(int at, int length) {
        return "SUBSTR(page.directory, r.begins + " + at + ", " + length + ")";
    }

    /** Characters of a value's entry in the directory: the most that the value itself has, or those of a reference. */
    private static int width(ColumnType type) {
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

    private static int rowWidth(List<Column> columns) {
        return columns.stream().mapToInt(column -> width(column.type())).sum();
    }

    private static String cast(ColumnType type, String bytes, Database database) {
        return switch (type.kind()) {
            case BINARY -> bytes;
            case STRING, XML, JSON -> "CONVERT(" + bytes + " USING utf8mb4) COLLATE " + MariaDb.EXACT;
            case BOOLEAN, SHORT, INT, LONG -> "CAST(" + bytes + " AS SIGNED)";
            default -> "CAST(" + bytes + " AS " + database.typeOf(type) + ")";
        };
    }

    /** The parameters of {@link #query}. */
    static List<Object> parameters(List<Column> columns, List<Row> rows) {
        int width = rowWidth(columns);
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
        // the directory as bytes, too: in text, MariaDB would look for each position from the beginning
        return List.of(begins, directory.toString().getBytes(StandardCharsets.US_ASCII), bytes.toByteArray());
    }

    private static void append(
            StringBuilder directory, ByteArrayOutputStream bytes, ColumnType type, @Nullable String text) {
        if (!MariaDb.isUnlimited(type)) {
            String value = text == null ? "" : plain(type, text);
            directory.append(" ".repeat(width(type) - value.length())).append(value);
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

    private static void append(StringBuilder directory, int number) {
        String digits = Integer.toString(number);
        directory.append(ABSENT, digits.length(), DIGITS).append(digits);
    }

    /** A number or a time as MariaDB reads it. */
    private static String plain(ColumnType type, String text) {
        return switch (type.kind()) {
            case BOOLEAN -> text.equals("true") ? "1" : "0";
            case UTC_DATETIME -> text.substring(0, text.indexOf('+'));
            default -> text;
        };
    }

    /**
     * Whether a statement with these rows has at most {@code maxStatement} bytes. Most pages are far below, which the
     * number of their characters shows.
     */
    static boolean fits(List<Column> columns, List<Row> rows, long maxStatement) {
        long others = STATEMENT_BYTES
                + (long) STATEMENT_BYTES_PER_COLUMN * columns.size()
                + rows.size() * (DIGITS + 1L + rowWidth(columns));
        return others + 3 * sum(rows, String::length) <= maxStatement
                || others + sum(rows, MariaDbPage::escapedBytes) <= maxStatement;
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
}
