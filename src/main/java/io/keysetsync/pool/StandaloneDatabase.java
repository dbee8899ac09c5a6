package io.keysetsync.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.ConfigurationException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.fault.DatabaseTimeout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.support.EventNotifierSupport;

/** The connection pool of the standalone program. */
public final class StandaloneDatabase {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** How long others wait for what a suspended process has locked. A page takes less between two statements. */
    private static final int MOST_IDLE_SECONDS = 10;

    private StandaloneDatabase() {}

    /**
     * Makes a pool for a database, which need not be up yet.
     *
     * @param connections the most that the pool opens
     * @param timeout the longest wait for a connection that has become silent
     * @throws ConfigurationException if {@code url} names no known database, or an H2 file that everybody or nobody can open
     */
    public static HikariDataSource open(
            String url, String username, String password, int connections, DatabaseTimeout timeout) {
        return opening(url, config(url, username, password, connections, timeout, false));
    }

    /** Makes a pool for a database that several processes share, which must not wait for one that no longer works. */
    public static HikariDataSource openShared(
            String url, String username, String password, int connections, DatabaseTimeout timeout) {
        HikariConfig config = config(url, username, password, connections, timeout, false);
        config.setConnectionInitSql(Databases.of(url).endIdleTransactions(MOST_IDLE_SECONDS));
        return opening(url, config);
    }

    /** Makes a pool for a look that creates nothing: an H2 file that does not exist yet becomes a database in memory. */
    public static HikariDataSource openToLook(
            String url, String username, String password, int connections, DatabaseTimeout timeout) {
        H2File file = H2File.of(url);
        boolean isMissing = file != null && file.isMissing();
        return new ReachablePool(
                config(isMissing ? "jdbc:h2:mem:keyset-sync" : url, username, password, connections, timeout, true));
    }

    /** Opens the first connection ahead, but creates no H2 file: a start that fails must not leave one. */
    private static HikariDataSource opening(String url, HikariConfig config) {
        ReachablePool pool = new ReachablePool(config);
        H2File file = H2File.of(url);
        return file != null && file.isMissing() ? pool : pool.opening();
    }

    private static HikariConfig config(
            String url, String username, String password, int connections, DatabaseTimeout timeout, boolean isDryRun) {
        Database database = Databases.of(url);
        HikariConfig config = new HikariConfig();
        config.setPoolName("keyset-sync");
        H2File file = H2File.of(url);
        if (file != null) {
            file.requireWritable();
            refuseWithoutPassword(file, username, password);
            if (!isDryRun) {
                file.createFolder();
            }
        }
        if (file != null && username.isEmpty() && password.isEmpty() && !file.namesUser()) {
            config.setDataSource(owned(file, isDryRun));
        } else {
            config.setJdbcUrl(file == null ? url : file.shared());
            config.setUsername(username);
            config.setPassword(password);
        }
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED"); // once a connection, not for each page
        if (timeout.limit() != null) {
            database.silenceLimit(DatabaseTimeout.silence(timeout.limit())).forEach((property, value) -> {
                if (!has(property, url)) {
                    config.addDataSourceProperty(property, value);
                }
            });
        }
        return config;
    }

    /** The folder of the file that a URL of H2 names; empty if the URL names another kind of database. */
    public static Optional<Path> folderOf(String url) {
        return Optional.ofNullable(H2File.of(url))
                .map(file -> file.data().toAbsolutePath().normalize().getParent());
    }

    private static OwnedH2 owned(H2File file, boolean isDryRun) {
        String password = isDryRun
                ? Objects.requireNonNullElse(OwnersPassword.read(file.password()), "")
                : OwnersPassword.readOrCreate(file.password());
        return new OwnedH2(file, password, isDryRun);
    }

    private static void refuseWithoutPassword(H2File file, String username, String password) {
        if (!username.isEmpty() && password.isEmpty() && !file.namesUser()) {
            throw new ConfigurationException(
                    "sync.database.username '" + username + "' has no password, so that everybody"
                            + " on this machine could open '" + file.data()
                            + "'; set sync.database.password, or leave both empty:"
                            + " the program then generates its own password");
        }
    }

    /** Whether a URL sets a property of the driver by itself. */
    private static boolean has(String property, String url) {
        return Pattern.compile("[?&]" + property + "=", Pattern.CASE_INSENSITIVE)
                .matcher(url)
                .find();
    }

    /**
     * Gives the run after a failed one new connections: once H2 could not write, it refuses everything on the old ones,
     * even if the disk has room again.
     */
    public static EventNotifier renewal(HikariDataSource pool) {
        return new EventNotifierSupport() {
            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof RunEvent run && run.state().status() == RunStatus.FAILED;
            }

            @Override
            public void notify(CamelEvent event) {
                pool.getHikariPoolMXBean().softEvictConnections();
            }
        };
    }
}
