package io.keysetsync.bench;

import io.keysetsync.cursor.JdbcCursorRepository;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.table.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a program without anything else would do: rows that are in memory already, upserted under the same guard, one
 * commit a page, with the cursor in the same transaction.
 */
final class PlainJdbc implements Contender {

    private static final List<String> COLUMNS =
            List.of("id", "name", "email", "address", "company", "job", "updatedAt", "createdAt");
    private static final List<Function<User, Object>> VALUES = List.of(
            User::id,
            User::name,
            User::email,
            User::address,
            User::company,
            User::job,
            User::updatedAt,
            User::createdAt);

    private final List<User> users;
    private final int pageSize;
    private final Way way;

    PlainJdbc(List<User> users, int pageSize, Way way) {
        this.users = users;
        this.pageSize = pageSize;
        this.way = way;
    }

    @Override
    public String name() {
        return "plain JDBC, " + way.name();
    }

    @Override
    public Session open(DataSource database) throws Exception {
        boolean h2 = Databases.of(database).name().equals("h2");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Tables tables = new Tables(Databases.of(database), new JdbcTemplate(database));
            tables.createState();
            new JdbcCursorRepository(database, Databases.clock(database, Clock.systemUTC()))
                    .setState("user", "0001-01-01T00:00:00Z");
            TableSchema schema = TableSchema.load(context, "user", "file:routes/user.schema.json");
            tables.create(schema, schema, "user");
        }
        return new Pages(database, way.sql(h2));
    }

    private final class Pages implements Session {

        private final DataSource database;
        private final String upsert;

        Pages(DataSource database, String upsert) {
            this.database = database;
            this.upsert = upsert;
        }

        @Override
        public Timing sync() throws SQLException {
            long begun = System.nanoTime();
            long firstCommit = 0;
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                for (int from = 0; from < users.size(); from += pageSize) {
                    save(connection, users.subList(from, Math.min(from + pageSize, users.size())));
                    connection.commit();
                    firstCommit = firstCommit == 0 ? System.nanoTime() - begun : firstCommit;
                }
                connection.setAutoCommit(true);
            }
            return new Timing(firstCommit, System.nanoTime() - begun);
        }

        private void save(Connection connection, List<User> page) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(upsert)) {
                way.run(statement, page);
            }
            try (PreparedStatement cursor = connection.prepareStatement(
                    "UPDATE keyset_sync_cursor SET cursor_value = ?, version = version + 1 WHERE stream = 'user'")) {
                cursor.setString(1, page.get(page.size() - 1).updatedAt().toString());
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
            String sql(boolean h2) {
                return h2
                        ? merge("SELECT CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS VARCHAR),"
                                + " CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS TIMESTAMP(6) WITH TIME ZONE),"
                                + " CAST(? AS TIMESTAMP(6) WITH TIME ZONE)")
                        : insert("VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
            }

            @Override
            void run(PreparedStatement statement, List<User> page) throws SQLException {
                for (User user : page) {
                    for (int i = 0; i < VALUES.size(); i++) {
                        statement.setObject(i + 1, VALUES.get(i).apply(user));
                    }
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        },
        ARRAYS {
            @Override
            String sql(boolean h2) {
                return h2
                        ? merge("SELECT * FROM UNNEST(CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY),"
                                + " CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY),"
                                + " CAST(? AS VARCHAR ARRAY), CAST(? AS TIMESTAMP(6) WITH TIME ZONE ARRAY),"
                                + " CAST(? AS TIMESTAMP(6) WITH TIME ZONE ARRAY))")
                        : insert("SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),"
                                + " CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),"
                                + " CAST(? AS timestamptz[]), CAST(? AS timestamptz[]))");
            }

            @Override
            void run(PreparedStatement statement, List<User> page) throws SQLException {
                Connection connection = statement.getConnection();
                for (int i = 0; i < VALUES.size(); i++) {
                    Object[] values = page.stream().map(VALUES.get(i)).toArray();
                    String type = values[0] instanceof OffsetDateTime ? "timestamptz" : "varchar";
                    statement.setArray(i + 1, connection.createArrayOf(type, values));
                }
                statement.executeUpdate();
            }
        };

        abstract String sql(boolean h2);

        abstract void run(PreparedStatement statement, List<User> page) throws SQLException;
    }

    private static String merge(String rows) {
        return "MERGE INTO \"user\" AS t USING (" + rows + ") AS s (" + each("", "") + ") ON t.\"id\" = s.\"id\""
                + " WHEN MATCHED AND " + replaces("t.", "s.") + " THEN UPDATE SET " + assignments("s.")
                + " WHEN NOT MATCHED THEN INSERT (" + each("", "") + ") VALUES (" + each("s.", "") + ")";
    }

    private static String insert(String rows) {
        return "INSERT INTO \"user\" (" + each("", "") + ") " + rows + " ON CONFLICT (\"id\") DO UPDATE SET "
                + assignments("excluded.") + " WHERE " + replaces("\"user\".", "excluded.");
    }

    private static String replaces(String existing, String incoming) {
        return "(" + existing + "\"updatedAt\" IS NULL OR " + existing + "\"updatedAt\" <= " + incoming
                + "\"updatedAt\") AND (" + each(existing, "id") + ") IS DISTINCT FROM (" + each(incoming, "id") + ")";
    }

    private static String assignments(String incoming) {
        return String.join(
                ", ",
                COLUMNS.stream()
                        .skip(1)
                        .map(c -> '"' + c + "\" = " + incoming + '"' + c + '"')
                        .toList());
    }

    private static String each(String prefix, String except) {
        return String.join(
                ", ",
                COLUMNS.stream()
                        .filter(c -> !c.equals(except))
                        .map(c -> prefix + '"' + c + '"')
                        .toList());
    }
}
