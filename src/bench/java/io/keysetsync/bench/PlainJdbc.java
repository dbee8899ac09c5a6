package io.keysetsync.bench;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.store.JdbcCursorRepository;
import io.keysetsync.store.StateTables;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a program without anything else would do: rows that are in memory already, upserted under the same guard, one
 * commit a page, with the cursor in the same transaction.
 */
final class PlainJdbc implements Contender {

    private final Dataset data;
    private final Way way;

    PlainJdbc(Dataset data, Way way) {
        this.data = data;
        this.way = way;
    }

    @Override
    public String name() {
        return "plain JDBC, " + way.name();
    }

    @Override
    public Session open(DataSource dataSource) {
        Database database = Databases.of(dataSource);
        Tables tables = new Tables(database, new JdbcTemplate(dataSource));
        new StateTables(database, new JdbcTemplate(dataSource)).create();
        new JdbcCursorRepository(
                        dataSource, Databases.clock(dataSource, Clock.systemUTC()), stream -> CursorFormat.DEFAULT)
                .setState(data.stream(), "0001-01-01T00:00:00Z");
        tables.create(data.schema(), data.schema(), data.stream(), () -> {});
        return new Pages(dataSource, new Sql(database, data.schema()));
    }

    private final class Pages implements Session {

        private final DataSource dataSource;
        private final Sql sql;

        Pages(DataSource dataSource, Sql sql) {
            this.dataSource = dataSource;
            this.sql = sql;
        }

        @Override
        public Timing sync() throws SQLException {
            long begun = System.nanoTime();
            long firstCommit = 0;
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                for (int from = 0; from < data.rows().size(); from += data.pageSize()) {
                    save(
                            connection,
                            data.rows()
                                    .subList(
                                            from,
                                            Math.min(
                                                    from + data.pageSize(),
                                                    data.rows().size())));
                    connection.commit();
                    firstCommit = firstCommit == 0 ? System.nanoTime() - begun : firstCommit;
                }
                connection.setAutoCommit(true);
            }
            return new Timing(firstCommit, System.nanoTime() - begun);
        }

        private void save(Connection connection, List<Object[]> page) throws SQLException {
            way.run(connection, sql, page);
            try (PreparedStatement cursor = connection.prepareStatement(
                    "UPDATE keyset_sync_cursor SET cursor_value = ?, version = version + 1 WHERE stream = ?")) {
                cursor.setString(1, page.get(page.size() - 1)[1].toString());
                cursor.setString(2, data.stream());
                cursor.executeUpdate();
            }
        }

        @Override
        public void close() {}
    }

    /** How a page's rows get to the database. */
    enum Way {
        BATCH {
            @Override
            void run(Connection connection, Sql sql, List<Object[]> page) throws SQLException {
                try (PreparedStatement statement = connection.prepareStatement(sql.batch())) {
                    for (Object[] row : page) {
                        for (int i = 0; i < row.length; i++) {
                            statement.setObject(i + 1, sql.value(row[i]));
                        }
                        statement.addBatch();
                    }
                    statement.executeBatch();
                }
            }
        },
        /** Arrays; on MariaDB, which has none, one statement with all rows after {@code VALUES}. */
        ONE_STATEMENT {
            @Override
            void run(Connection connection, Sql sql, List<Object[]> page) throws SQLException {
                try (PreparedStatement statement = connection.prepareStatement(sql.whole(page.size()))) {
                    if (sql.isMariaDb()) {
                        int at = 1;
                        for (Object[] row : page) {
                            for (Object value : row) {
                                statement.setObject(at++, sql.value(value));
                            }
                        }
                    } else {
                        for (int i = 0; i < page.get(0).length; i++) {
                            int column = i;
                            Object[] values =
                                    page.stream().map(row -> row[column]).toArray();
                            statement.setArray(i + 1, connection.createArrayOf(sql.element(i), values));
                        }
                    }
                    statement.executeUpdate();
                }
            }
        };

        abstract void run(Connection connection, Sql sql, List<Object[]> page) throws SQLException;
    }

    /** The statements, by hand, for each database. */
    private record Sql(Database database, TableSchema table) {

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
            return database.quote(table.table());
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
}
