package io.keysetsync.sync;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;

/**
 * Connections to the servers that the tests of a JVM share, in pools such as the program and most applications have: to open
 * one takes longer than most tests' statements. Databases that have not been used lately keep none.
 */
final class TestConnections {

    private static final int DATABASES = 4;
    private static final int CONNECTIONS = 30;

    /** One for all pools; each would have a thread of its own. */
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "test connections");
        thread.setDaemon(true);
        return thread;
    });

    /** By url and user, the one used last at the end. */
    private static final Map<String, HikariDataSource> POOLS = new LinkedHashMap<>(16, 0.75f, true);

    private TestConnections() {}

    static synchronized DataSource to(String url, String username, String password) {
        HikariDataSource pool = POOLS.computeIfAbsent(
                username + "@" + url, key -> new HikariDataSource(config(url, username, password)));
        POOLS.values().stream()
                .limit(Math.max(0, POOLS.size() - DATABASES))
                .map(HikariDataSource::getHikariPoolMXBean)
                .filter(old -> old != null && old.getIdleConnections() > 0)
                .forEach(old -> old.softEvictConnections());
        return pool;
    }

    /** Closes the connections to a database that is about to be dropped. */
    static synchronized void close(String url) {
        POOLS.forEach((key, pool) -> {
            if (key.contains("@" + url)) {
                pool.getHikariPoolMXBean().softEvictConnections();
            }
        });
    }

    private static HikariConfig config(String url, String username, String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setInitializationFailTimeout(-1); // the first statement fails instead, as it does without a pool
        config.setScheduledExecutor(TIMER);
        return config;
    }
}
