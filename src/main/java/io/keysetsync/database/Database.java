package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.TableSchema;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What differs between the databases: names of types, and the statement that upserts a page. Each implementation is a
 * few lines; a page's values arrive as one array a column, named by {@link #parameter}.
 */
public interface Database {

    /** As the user writes it after {@code jdbc:}. */
    String name();

    /** The type of a column of the data table. */
    String typeOf(ColumnType type);

    /** The type of text of any length in the tables beside the data. */
    String textType();

    /** Whether names that are not quoted are kept in upper case. */
    boolean storesUpperCase();

    /** Whether text can hold U+0000. */
    boolean takesNulInText();

    /**
     * One statement that upserts a page. A row is replaced only by one whose guard is not earlier, and only if it
     * differs, so that the statement's update count is the number of rows that changed.
     *
     * @param guard the column that must not go back
     */
    String upsert(TableSchema table, String guard);

    /** The name of the statement's parameter for a column, which counts from 0. */
    static String parameter(int column) {
        return "c" + (column + 1);
    }

    /**
     * A column of a page as the statement's parameter.
     *
     * @param texts the values' canonical texts, which are what most databases take
     */
    default Object parameterOf(Column column, @Nullable String[] texts) {
        return texts;
    }

    /** A table's or column's name, quoted, so that it keeps its case and can't be taken for SQL. */
    default String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Creates the data table. */
    default String createTable(TableSchema table) {
        String columns = table.columns().stream()
                .map(c -> quote(c.name())
                        + ' '
                        + typeOf(c.type())
                        + (table.primaryKey().contains(c.name()) ? " NOT NULL" : ""))
                .collect(Collectors.joining(", "));
        return "CREATE TABLE " + quote(table.table()) + " (" + columns + ", PRIMARY KEY (" + quoted(table.primaryKey())
                + "))";
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
