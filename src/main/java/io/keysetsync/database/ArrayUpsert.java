package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import io.keysetsync.table.TableSchema;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The parts of an upsert that databases with array parameters share: a parameter for each column. */
final class ArrayUpsert {

    private ArrayUpsert() {}

    /** The page as a derived table: an array per column, unnested side by side and cast. */
    static String page(
            List<Column> columns,
            Function<Column, String> arrayOf,
            Database database,
            BiFunction<Column, String, String> cast) {
        String arrays = each(columns, i -> "CAST(? AS " + arrayOf.apply(columns.get(i)) + ")");
        String names = each(columns, ArrayUpsert::name);
        String values = each(
                columns,
                i -> cast.apply(columns.get(i), name(i)) + " AS "
                        + database.quote(columns.get(i).name()));
        return "SELECT " + values + " FROM UNNEST(" + arrays + ") AS page(" + names + ")";
    }

    private static String name(int column) {
        return "c" + (column + 1);
    }

    private static String each(List<Column> columns, IntFunction<String> part) {
        return IntStream.range(0, columns.size()).mapToObj(part).collect(Collectors.joining(", "));
    }

    /** A column of the rows, as texts. */
    static @Nullable String[] texts(List<Row> rows, int column) {
        @Nullable String[] texts = new String[rows.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = rows.get(i).values().get(column);
        }
        return texts;
    }

    /** Whether the row there may be replaced: it is not newer, and it differs. */
    static String replaces(TableSchema table, String guard, String existing, String incoming, Database database) {
        String column = database.quote(guard);
        List<Column> data = table.dataColumns();
        return "(" + existing + column + " IS NULL OR " + existing + column + " <= " + incoming + column + ") AND ("
                + database.quoted(existing, data) + ") IS DISTINCT FROM (" + database.quoted(incoming, data) + ")";
    }

    /** The assignments of an update. */
    static String assignments(TableSchema table, String incoming, Database database) {
        return table.dataColumns().stream()
                .map(c -> database.quote(c.name()) + " = " + incoming + database.quote(c.name()))
                .collect(Collectors.joining(", "));
    }
}
