package io.keysetsync.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.database.fault.ReachableDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool that asks its database by a connection outside of the pool, which is there even if the pool is exhausted. */
final class ReachablePool extends HikariDataSource implements ReachableDataSource {

    private static final Logger LOG = LoggerFactory.getLogger(ReachablePool.class);

    /** Class of SQLSTATE: no connection. */
    private static final String NO_CONNECTION = "08";

    ReachablePool(HikariConfig config) {
        super(config);
    }

    /**
     * Opens the first connection in the background, because Camel takes longer to start than most databases take to answer.
     * If the database doesn't answer, the first step that needs a connection reports it.
     */
    ReachablePool opening() {
        Thread first = new Thread(
                () -> {
                    try {
                        getConnection().close();
                    } catch (SQLException e) {
                        LOG.debug("the first connection could not be opened ahead", e);
                    }
                },
                "keyset-sync:first-connection");
        first.setDaemon(true);
        first.start();
        return this;
    }

    @Override
    public boolean answers() {
        if (getJdbcUrl() == null) {
            return true; // a file
        }
        Properties properties = new Properties();
        properties.putAll(getDataSourceProperties());
        if (getUsername() != null) {
            properties.setProperty("user", getUsername());
        }
        if (getPassword() != null) {
            properties.setProperty("password", getPassword());
        }
        int seconds = (int) Math.max(1, getConnectionTimeout() / 1000);
        try (Connection connection = DriverManager.getConnection(getJdbcUrl(), properties)) {
            return connection.isValid(seconds);
        } catch (SQLException e) {
            // a server that refuses the connection, for example because it has too many, answers
            return e.getErrorCode() > 0 || !String.valueOf(e.getSQLState()).startsWith(NO_CONNECTION);
        }
    }
}
