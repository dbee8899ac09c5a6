package io.keysetsync.database;

import io.keysetsync.database.fault.ReachableDataSource;
import io.keysetsync.database.fault.SilenceWatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Executes DDL without a time limit, because a large table may have to be rewritten. For a lock that somebody else holds,
 * and for a database that no longer answers, DDL waits no longer than other statements do.
 */
final class Ddl {

    private final Database database;
    private final JdbcTemplate jdbc;

    /** Executes on a template's connections, with the template's limit. */
    Ddl(Database database, JdbcTemplate jdbc) {
        this.database = database;
        this.jdbc = jdbc;
    }

    void execute(String sql) {
        int seconds = jdbc.getQueryTimeout();
        if (seconds <= 0) {
            jdbc.execute(sql);
            return;
        }
        jdbc.execute((ConnectionCallback<@Nullable Void>) connection -> {
            watched(connection, database.withLockTimeout(sql, seconds));
            return null;
        });
    }

    private void watched(Connection connection, List<String> statements) throws SQLException {
        if (jdbc.getDataSource() == null || !jdbc.getDataSource().isWrapperFor(ReachableDataSource.class)) {
            execute(connection, statements);
            return;
        }
        ReachableDataSource pool = jdbc.getDataSource().unwrap(ReachableDataSource.class);
        SilenceWatch watch = new SilenceWatch(connection, pool);
        try {
            execute(connection, statements);
        } finally {
            watch.end();
        }
    }

    /** Several statements belong to one transaction. */
    private static void execute(Connection connection, List<String> statements) throws SQLException {
        boolean begins = statements.size() > 1 && connection.getAutoCommit();
        if (begins) {
            connection.setAutoCommit(false);
        }
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(0); // in H2 the limit of an earlier statement holds for the connection
            for (String each : statements) {
                statement.execute(each);
            }
            if (begins) {
                connection.setAutoCommit(true); // commits
            }
        } catch (SQLException e) {
            if (begins && !connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            throw e;
        }
    }
}
