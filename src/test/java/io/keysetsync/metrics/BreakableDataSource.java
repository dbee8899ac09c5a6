package io.keysetsync.metrics;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that counts its connections, and can fall silent. */
final class BreakableDataSource extends DelegatingDataSource {

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean silent;

    BreakableDataSource(DataSource target) {
        super(target);
    }

    int connections() {
        return connections.get();
    }

    boolean isWaitedFor() {
        return waiting.get() > 0;
    }

    void silence() {
        silent = true;
    }

    void end() {
        end.countDown();
    }

    @Override
    public Connection getConnection() throws SQLException {
        connections.incrementAndGet();
        if (silent) {
            waiting.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return super.getConnection();
    }
}
