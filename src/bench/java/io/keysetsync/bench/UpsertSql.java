package io.keysetsync.bench;

import io.keysetsync.database.Database;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.TableSchema;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements, by hand, for each database. */
record UpsertSql(Database database, TableSchema table) {

    boolean isMariaDb() {
        return database.name().equals("mariadb");
    }

    private boolean isH2() {
        return database.name().equals("h2");
    }

    Object value(Object value) {
        return isMariaDb() && value instanceof OffsetDateTime time
                ? time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
                : value;
    }

    String element(int column) {
        return switch (table.columns().get(column).type().kind()) {
            case STRING, JSON -> "varchar";
            case BOOLEAN -> "bool";
            case INT -> "int4";
            case LONG -> "int8";
            case DECIMAL -> "numeric";
            case DOUBLE -> "float8";
            case NAIVE_DATE -> "date";
            default -> "timestamptz";
        };
    }

    private String type(Column column) {
        return column.type().kind() == Kind.JSON ? "VARCHAR" : database.typeOf(column.type());
    }

    private String each(Function<Column, String> part) {
        return table.columns().stream().map(part).collect(Collectors.joining(", "));
    }

    private String quoted(Column column) {
        return database.quote(column.name());
    }

    private String json(Column column, String value) {
        return column.type().kind() != Kind.JSON
                ? value
                : isH2() ? value + " FORMAT JSON" : isMariaDb() ? value : "CAST(" + value + " AS jsonb)";
    }

    String batch() {
        return isH2()
                ? merge("SELECT " + each(c -> json(c, "CAST(? AS " + type(c) + ")")))
                : insert("VALUES (" + each(c -> json(c, "?")) + ")");
    }

    String whole(int rows) {
        if (isMariaDb()) {
            return insert("VALUES " + String.join(", ", Collections.nCopies(rows, "(" + each(c -> "?") + ")")));
        }
        String arrays = each(c -> "CAST(? AS " + type(c) + (isH2() ? " ARRAY)" : "[])"));
        String select = "SELECT " + each(c -> json(c, "p." + quoted(c))) + " FROM UNNEST(" + arrays + ") AS p("
                + each(this::quoted) + ")";
        return isH2() ? merge(select) : insert(select);
    }

    /** The temporary table for {@link #copy()}, from which {@link #fromCopy()} saves; PostgreSQL alone. */
    String temporaryTable() {
        return "CREATE TEMP TABLE IF NOT EXISTS page ON COMMIT DELETE ROWS AS SELECT " + each(this::quoted) + " FROM "
                + name() + " WHERE false";
    }

    String copy() {
        return "COPY page (" + each(this::quoted) + ") FROM STDIN";
    }

    String fromCopy() {
        return insert("SELECT " + each(this::quoted) + " FROM page");
    }

    private String merge(String rows) {
        return "MERGE INTO " + name() + " AS t USING (" + rows + ") AS s (" + each(this::quoted) + ") ON t.\"id\" ="
                + " s.\"id\" WHEN MATCHED AND " + replaces("t.", "s.") + " THEN UPDATE SET " + assignments("s.")
                + " WHEN NOT MATCHED THEN INSERT (" + each(this::quoted) + ") VALUES ("
                + each(c -> "s." + quoted(c)) + ")";
    }

    private String insert(String rows) {
        String insert = "INSERT INTO " + name() + " (" + each(this::quoted) + ") " + rows;
        if (isMariaDb()) {
            return insert + " ON DUPLICATE KEY UPDATE "
                    + data().sorted((a, b) -> Boolean.compare(isGuard(a), isGuard(b)))
                            .map(c -> quoted(c) + " = IF(`updatedAt` IS NULL OR `updatedAt` <= VALUES(`updatedAt`),"
                                    + " VALUES(" + quoted(c) + "), " + quoted(c) + ")")
                            .collect(Collectors.joining(", "));
        }
        return insert + " ON CONFLICT (\"id\") DO UPDATE SET " + assignments("excluded.") + " WHERE "
                + replaces(name() + ".", "excluded.");
    }

    private static boolean isGuard(Column column) {
        return column.name().equals("updatedAt");
    }

    private String name() {
        return database.quote(table.name().table());
    }

    private Stream<Column> data() {
        return table.dataColumns().stream();
    }

    private String replaces(String existing, String incoming) {
        return "(" + existing + "\"updatedAt\" IS NULL OR " + existing + "\"updatedAt\" <= " + incoming
                + "\"updatedAt\") AND ("
                + data().map(c -> existing + quoted(c)).collect(Collectors.joining(", "))
                + ") IS DISTINCT FROM ("
                + data().map(c -> incoming + quoted(c)).collect(Collectors.joining(", ")) + ")";
    }

    private String assignments(String incoming) {
        return data().map(c -> quoted(c) + " = " + incoming + quoted(c)).collect(Collectors.joining(", "));
    }
}
