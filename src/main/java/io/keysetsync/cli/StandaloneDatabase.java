package io.keysetsync.cli;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.database.Databases;
import java.time.Duration;
import java.util.Locale;

/** The connection pool of the standalone program. */
final class StandaloneDatabase {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private StandaloneDatabase() {}

    /**
     * A pool for a database, which need not be up yet.
     *
     * @throws io.keysetsync.ConfigurationException if {@code url} names none that is known
     */
    static HikariDataSource open(String url, String username, String password) {
        Databases.of(url);
        HikariConfig config = new HikariConfig();
        config.setPoolName("keyset-sync");
        config.setJdbcUrl(forPrograms(url));
        config.setUsername(username);
        config.setPassword(password);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /**
     * An H2 file can be opened by several processes of this machine (H2's manual, "Automatic Mixed Mode"), so that other
     * commands work beside a running {@code run}; on loopback alone.
     */
    private static String forPrograms(String url) {
        String known = url.toUpperCase(Locale.ROOT);
        boolean file = known.startsWith("JDBC:H2:")
                && !known.startsWith("JDBC:H2:MEM:")
                && !known.startsWith("JDBC:H2:TCP:")
                && !known.startsWith("JDBC:H2:SSL:");
        if (!file || known.contains(";AUTO_SERVER=")) {
            return url;
        }
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        return url + ";AUTO_SERVER=TRUE";
    }
}
