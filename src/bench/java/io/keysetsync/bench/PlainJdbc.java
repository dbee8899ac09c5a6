package io.keysetsync.bench;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.store.JdbcCursorRepository;
import io.keysetsync.store.StateTables;
import io.keysetsync.table.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a program without anything else would do: rows that are in memory already, upserted under the same guard, one
 * commit a page, with the cursor in the same transaction.
 */
final class PlainJdbc implements Contender {

    private final Supplier<Dataset> data;
    private final Way way;

    /** Saves the records that {@code data} gives at the time. */
    PlainJdbc(Supplier<Dataset> data, Way way) {
        this.data = data;
        this.way = way;
    }

    @Override
    public String name() {
        return "plain JDBC, " + way.name();
    }

    @Override
    public boolean worksOn(String database) {
        return way.worksOn(database);
    }

    @Override
    public boolean isMeasure() {
        return way != Way.COPY;
    }

    @Override
    public Session open(DataSource dataSource) {
        Database database = Databases.of(dataSource);
        TableSchema schema = data.get().schema();
        String stream = data.get().stream();
        Tables tables = new Tables(database, new JdbcTemplate(dataSource));
        new StateTables(database, new JdbcTemplate(dataSource)).create();
        new JdbcCursorRepository(
                        dataSource, Databases.clock(dataSource, Clock.systemUTC()), name -> CursorFormat.DEFAULT)
                .setState(stream, "0001-01-01T00:00:00Z");
        tables.create(schema, schema, stream, () -> {});
        return new Pages(dataSource, new UpsertSql(database, schema));
    }

    private final class Pages implements Session {

        private final DataSource dataSource;
        private final UpsertSql sql;

        Pages(DataSource dataSource, UpsertSql sql) {
            this.dataSource = dataSource;
            this.sql = sql;
        }

        @Override
        public Timing sync() throws SQLException {
            Dataset data = PlainJdbc.this.data.get();
            List<Object[]> rows = data.rows();
            long begun = System.nanoTime();
            long firstCommit = 0;
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(false);
                for (int from = 0; from < rows.size(); from += data.pageSize()) {
                    save(connection, data, rows.subList(from, Math.min(from + data.pageSize(), rows.size())));
                    connection.commit();
                    firstCommit = firstCommit == 0 ? System.nanoTime() - begun : firstCommit;
                }
                connection.setAutoCommit(true);
            }
            return new Timing(firstCommit, System.nanoTime() - begun);
        }

        private void save(Connection connection, Dataset data, List<Object[]> page) throws SQLException {
            way.run(connection, sql, page);
            try (PreparedStatement cursor = connection.prepareStatement(
                    "UPDATE keyset_sync_cursor SET cursor_value = ?, version = version + 1 WHERE stream = ?")) {
                cursor.setString(1, page.get(page.size() - 1)[data.cursorAt()].toString());
                cursor.setString(2, data.stream());
                cursor.executeUpdate();
            }
        }

        @Override
        public void close() {}
    }
}
