package io.keysetsync.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.quartz.utils.ConnectionProvider;

/**
 * Gives the job store connections of the program's pool: of the pool itself, because a job store has transactions of its own,
 * which must not be those of a page.
 *
 * @param pool stays open when a scheduler ends, because the runs under way still use it
 */
record PoolConnections(DataSource pool) implements ConnectionProvider {

    /** A connection that reads what others have committed, as all of the pool do: what a lock protects was written while it was waited for. */
    @Override
    public Connection getConnection() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public void initialize() {}

    @Override
    public void shutdown() {}
}
