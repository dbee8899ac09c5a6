package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.Guard;
import io.keysetsync.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statement that upserts a page into a table of MariaDB. MariaDB counts a row that it updates as two; so the rows that
 * are equal or newer are left out beforehand, and {@code RETURNING} gives a row for each that is left.
 */
final class MariaDbUpsert {

    static final String SET_STATEMENT = "SET STATEMENT ";

    private final TableSchema table;
    private final Guard guard;
    private final Database database;
    private final String name;

    MariaDbUpsert(TableSchema table, Guard guard, Database database) {
        this.table = table;
        this.guard = guard;
        this.database = database;
        this.name = database.quote(table.name());
    }

    /**
     * The statement for the rows of a query. Its own mode is strict, so that a session that isn't can't cut a value;
     * and a key of 0 stays 0 in a column that counts by itself.
     */
    String of(String page) {
        List<Column> data = table.comparedColumns();
        String isNew = "o." + database.quote(table.primaryKey().get(0)) + " IS NULL";
        String insert =
                SET_STATEMENT + "sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO' FOR INSERT INTO " + name + " ("
                        + database.quoted("", table.columns()) + ") SELECT " + database.quoted("s.", table.columns())
                        + " FROM ("
                        + page + ") AS s LEFT JOIN " + name + " AS o ON " + PageSql.sameKey(table, "o.", "s.", database)
                        + " WHERE " + isNew;
        if (!data.isEmpty()) {
            insert += " OR " + PageSql.isNotNewer(guard, "o.", "s.", database) + " AND NOT ("
                    + data.stream().map(this::isSame).collect(Collectors.joining(" AND ")) + ")";
        }
        return insert + " ON DUPLICATE KEY UPDATE " + assignments() + " RETURNING 1";
    }

    private String isSame(Column column) {
        String quoted = database.quote(column.name());
        return switch (column.type().kind()) {
            case STRING, XML, JSON ->
                "CONVERT(o." + quoted + " USING utf8mb4) COLLATE " + MariaDb.EXACT + " <=> s." + quoted;
            default -> "o." + quoted + " <=> s." + quoted;
        };
    }

    /**
     * Another runner may have inserted or changed a row meanwhile; an older one doesn't replace it even then. The guard is
     * assigned last, because assignments see those before them.
     */
    private String assignments() {
        String column = database.quote(guard.name());
        String replaces = PageSql.isNotNewer(guard, database, name + "." + column, "VALUES(" + column + ")");
        List<Column> ordered = new ArrayList<>(table.dataColumns());
        ordered.sort((a, b) ->
                Boolean.compare(a.name().equals(guard.name()), b.name().equals(guard.name())));
        if (ordered.isEmpty()) {
            String first = database.quote(table.primaryKey().get(0));
            return first + " = VALUES(" + first + ")";
        }
        return ordered.stream()
                .map(c -> {
                    String each = database.quote(c.name());
                    return each + " = IF(" + replaces + ", VALUES(" + each + "), " + name + "." + each + ")";
                })
                .collect(Collectors.joining(", "));
    }
}
