package io.keysetsync.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.ConfigurationException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.database.Database;
import io.keysetsync.database.DatabaseTimeout;
import io.keysetsync.database.Databases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.support.EventNotifierSupport;

/** The connection pool of the standalone program. */
public final class StandaloneDatabase {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** A file's path, which may be written without {@code file:}; not a database in memory or on a server. */
    private static final Pattern H2_FILE =
            Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:|zip:)(?:file:)?([^;]+).*", Pattern.CASE_INSENSITIVE);

    private StandaloneDatabase() {}

    /**
     * Makes a pool for a database, which need not be up yet.
     *
     * @param connections the most that the pool opens
     * @param timeout the longest wait for a connection that has become silent
     * @throws ConfigurationException if {@code url} names no known database
     */
    public static HikariDataSource open(
            String url, String username, String password, int connections, DatabaseTimeout timeout) {
        Database database = Databases.of(url);
        HikariConfig config = new HikariConfig();
        config.setPoolName("keyset-sync");
        config.setJdbcUrl(forPrograms(url));
        config.setUsername(username);
        config.setPassword(password);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        if (timeout.limit() != null) {
            database.silenceLimit(DatabaseTimeout.silence(timeout.limit())).forEach((property, value) -> {
                if (!has(property, url)) {
                    config.addDataSourceProperty(property, value);
                }
            });
        }
        return new ReachablePool(config);
    }

    /** Whether a URL sets a property of the driver by itself. */
    private static boolean has(String property, String url) {
        return Pattern.compile("[?&]" + property + "=", Pattern.CASE_INSENSITIVE)
                .matcher(url)
                .find();
    }

    /** A URL for a look that must not create anything: an H2 file that does not exist yet becomes an empty database in memory. */
    public static String readOnlyUrl(String url) {
        Matcher h2 = H2_FILE.matcher(url);
        return h2.matches() && !Files.exists(file(h2)) ? "jdbc:h2:mem:keyset-sync" : url;
    }

    private static Path file(Matcher h2) {
        return Path.of(h2.group(1).replaceFirst("^~", System.getProperty("user.home")) + ".mv.db");
    }

    /**
     * An H2 file can be opened by several processes of this machine (H2's manual, "Automatic Mixed Mode"), so that other
     * commands work beside a running {@code run}; on loopback alone. A commit is written at once, so that a killed
     * process has lost none (H2's manual, "SET WRITE_DELAY"; its default is half a second).
     */
    private static String forPrograms(String url) {
        Matcher h2 = H2_FILE.matcher(url);
        if (!h2.matches()) {
            return url;
        }
        requireWritable(file(h2));
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        return with("WRITE_DELAY=0", with("AUTO_SERVER=TRUE", url));
    }

    /** The URL with a setting, unless it has one of that name already. */
    private static String with(String setting, String url) {
        String name = ";" + setting.substring(0, setting.indexOf('=') + 1);
        return url.toUpperCase(Locale.ROOT).contains(name) ? url : url + ";" + setting;
    }

    /** H2 itself would open such a file for reading, and then say that it can't share it; or show a stack trace. */
    private static void requireWritable(Path file) {
        Path existing = file.toAbsolutePath().normalize().getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent(); // H2 creates missing folders
        }
        if (existing != null && !Files.isDirectory(existing)) {
            throw unwritable(file, "'" + existing + "' is not a folder; move it away");
        }
        if (existing != null && !Files.isWritable(existing)) {
            throw unwritable(file, "make the folder '" + existing + "' and what is in it writable for this user");
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw unwritable(file, "make the file writable for this user");
        }
    }

    private static ConfigurationException unwritable(Path file, String remedy) {
        return new ConfigurationException(
                "database: '" + file + "' can't be written; " + remedy + ", or set sync.database.url to another one");
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
