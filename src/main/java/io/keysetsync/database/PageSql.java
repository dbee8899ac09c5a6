package io.keysetsync.database;

import io.keysetsync.cursor.EpochUnit;
import io.keysetsync.table.Column;
import io.keysetsync.table.Guard;
import io.keysetsync.table.Row;
import io.keysetsync.table.TableSchema;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** SQL about a page and its table, as far as databases share it. */
final class PageSql {

    private PageSql() {}

    /**
     * The page as a query over the texts of its values, cast to the columns' types.
     *
     * @param texts a table of them, with the columns {@code c1}, {@code c2} and so on
     */
    static String page(List<Column> columns, String texts, Database database, BiFunction<Column, String, String> cast) {
        String values = each(
                columns,
                i -> cast.apply(columns.get(i), name(i)) + " AS "
                        + database.quote(columns.get(i).name()));
        return "SELECT " + values + " FROM " + texts;
    }

    /** Array parameters, one per column, unnested side by side in {@code FROM}. */
    static String unnested(List<Column> columns, Function<Column, String> arrayOf) {
        String arrays = each(columns, i -> "CAST(? AS " + arrayOf.apply(columns.get(i)) + ")");
        return "UNNEST(" + arrays + ") AS page(" + each(columns, PageSql::name) + ")";
    }

    /** Array parameters, one per column, unnested side by side in the select list of a query. */
    static String unnestedByQuery(List<Column> columns, String array) {
        return "(SELECT " + each(columns, i -> "unnest(CAST(? AS " + array + ")) AS " + name(i)) + ") AS page";
    }

    private static String name(int column) {
        return "c" + (column + 1);
    }

    /**
     * A page of deletions as a derived table, in which a value that a deletion doesn't have is that of the existing row.
     * The guard is the deletion's own.
     */
    static String completed(TableSchema table, Guard guard, String page, Database database) {
        String values = table.columns().stream()
                .map(column -> completed(table, guard, database, column))
                .collect(Collectors.joining(", "));
        return "SELECT " + values + " FROM (" + page + ") AS incoming LEFT JOIN " + database.quote(table.name())
                + " AS existing ON " + sameKey(table, "existing.", "incoming.", database);
    }

    private static String completed(TableSchema table, Guard guard, Database database, Column column) {
        String name = database.quote(column.name());
        boolean own = column.name().equals(guard.name()) || table.primaryKey().contains(column.name());
        return own ? "incoming." + name : "COALESCE(incoming." + name + ", existing." + name + ") AS " + name;
    }

    /** Whether two rows have the same key. */
    static String sameKey(TableSchema table, String existing, String incoming, Database database) {
        return table.primaryKey().stream()
                .map(database::quote)
                .map(key -> existing + key + " = " + incoming + key)
                .collect(Collectors.joining(" AND "));
    }

    /** Whether the existing row is not newer. */
    static String isNotNewer(Guard guard, String existing, String incoming, Database database) {
        String column = database.quote(guard.name());
        return "(" + isNotNewer(guard, database, existing + column, incoming + column) + ")";
    }

    /** Whether the existing row is not newer, given the guard of both rows. */
    static String isNotNewer(Guard guard, Database database, String existing, String incoming) {
        String before = guard.order() == Guard.Order.EPOCHS ? microseconds(existing) : existing;
        return before + " IS NULL OR " + comparable(guard, database, existing) + " <= "
                + comparable(guard, database, incoming);
    }

    /** A value of the guard such that it compares as the cursors do. */
    private static String comparable(Guard guard, Database database, String value) {
        return switch (guard.order()) {
            case VALUES -> value;
            case EPOCHS -> microseconds(value);
            case CODE_POINTS -> database.inCodePoints(value);
        };
    }

    /**
     * A query for the rows of a table that are newest by a column.
     *
     * @param columns of the table, in the order of the result
     * @param newest orders rows; null if nothing but the key does
     */
    static String newest(
            TableSchema table, List<String> columns, @Nullable Guard newest, int limit, Database database) {
        String byKey = table.primaryKey().stream()
                .map(key -> database.quote(key) + " DESC")
                .collect(Collectors.joining(", "));
        String byGuard = newest == null
                ? ""
                : database.quote(newest.name()) + " IS NULL, "
                        + comparable(newest, database, database.quote(newest.name())) + " DESC, ";
        return "SELECT " + database.quoted(columns) + " FROM " + database.quote(table.name()) + " ORDER BY " + byGuard
                + byKey + " LIMIT " + limit;
    }

    /**
     * The microseconds of an epoch number, whose unit its size tells as {@link EpochUnit} has it: an API may change its
     * unit. Null for a number that is too large to be a position. No product exceeds 64 bits.
     */
    private static String microseconds(String number) {
        long lastSeconds = EpochUnit.FIRST_MILLISECONDS - 1;
        return "CASE WHEN " + number + " BETWEEN -" + lastSeconds + " AND " + lastSeconds + " OR " + number + " IN ("
                + EpochUnit.LAST_SECOND + ", " + (EpochUnit.LAST_SECOND + 1) + ") THEN 1000000 * " + number + " WHEN "
                + number + " BETWEEN -" + EpochUnit.LAST_MILLISECONDS + " AND " + EpochUnit.LAST_MILLISECONDS
                + " THEN 1000 * " + number + " WHEN " + number + " BETWEEN " + EpochUnit.LEAST_MICROSECONDS + " AND "
                + EpochUnit.LAST_MICROSECONDS + " THEN " + number + " END";
    }

    private static String each(List<Column> columns, IntFunction<String> part) {
        return IntStream.range(0, columns.size()).mapToObj(part).collect(Collectors.joining(", "));
    }

    /** The rows' columns, as texts. */
    static @Nullable String[][] columns(int count, List<Row> rows) {
        @Nullable String[][] columns = new String[count][rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            List<@Nullable String> values = rows.get(i).values();
            for (int column = 0; column < count; column++) {
                columns[column][i] = values.get(column);
            }
        }
        return columns;
    }

    /** Whether the existing row may be replaced: it is not newer, and the two differ. */
    static String replaces(TableSchema table, Guard guard, String existing, String incoming, Database database) {
        List<Column> data = table.comparedColumns();
        return isNotNewer(guard, existing, incoming, database) + " AND (" + database.quoted(existing, data)
                + ") IS DISTINCT FROM (" + database.quoted(incoming, data) + ")";
    }

    /** The assignments of an update. */
    static String assignments(TableSchema table, String incoming, Database database) {
        return table.dataColumns().stream()
                .map(c -> database.quote(c.name()) + " = " + incoming + database.quote(c.name()))
                .collect(Collectors.joining(", "));
    }

    /** The text of a number with a point, without zeros after its last digit. */
    static String withoutZerosAtTheEnd(String text) {
        return "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + text + "))";
    }
}
