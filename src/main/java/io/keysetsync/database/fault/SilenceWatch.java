package io.keysetsync.database.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a statement take as long as it takes while the database answers other connections: a driver can't tell a silent
 * connection from one whose statement takes long. A connection to a database that no longer answers is aborted.
 */
public final class SilenceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);

    private final Connection connection;
    private final ReachableDataSource database;
    private final int silence;
    private final CountDownLatch done = new CountDownLatch(1);

    /** Lifts the connection's own limit of silence until the watch ends. */
    public SilenceWatch(Connection connection, ReachableDataSource database) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.silence = connection.getNetworkTimeout();
        if (silence > 0) {
            connection.setNetworkTimeout(Runnable::run, 0);
            Thread watch = new Thread(this::watch, "keyset-sync-silence");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private void watch() {
        try {
            while (!done.await(silence, TimeUnit.MILLISECONDS)) {
                if (!database.answers()) {
                    connection.abort(Runnable::run);
                    return;
                }
            }
        } catch (InterruptedException | SQLException e) {
            LOG.debug("the connection could not be aborted", e);
        }
    }

    /** Restores the connection's limit. */
    public void end() {
        done.countDown();
        if (silence > 0) {
            try {
                connection.setNetworkTimeout(Runnable::run, silence);
            } catch (SQLException e) {
                LOG.debug("the connection is broken", e); // the statement's own error says why
            }
        }
    }
}
