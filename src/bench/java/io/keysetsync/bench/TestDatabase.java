package io.keysetsync.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.sync.MariaDbServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database server or file, of which every round gets a new one. */
interface TestDatabase extends AutoCloseable {

    String name();

    /** A new, empty database. Closing its pool makes an end of it. */
    HikariDataSource create();

    @Override
    void close();

    /** All that are measured. */
    static List<TestDatabase> all() throws IOException {
        return List.of(new H2File(), new Postgres(), new MariaDb());
    }

    private static HikariDataSource pool(String url, String user, Runnable onClose) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setMinimumIdle(0);
        return new HikariDataSource(config) {
            @Override
            public void close() {
                super.close();
                onClose.run();
            }
        };
    }

    /** H2 in a file, opened as the program opens it. */
    final class H2File implements TestDatabase {

        @Override
        public String name() {
            return "H2";
        }

        @Override
        public HikariDataSource create() {
            try {
                Path folder = Files.createTempDirectory("keyset-sync-bench");
                System.setProperty("h2.bindAddress", "127.0.0.1");
                String url = "jdbc:h2:file:" + folder.resolve("data") + ";AUTO_SERVER=TRUE;WRITE_DELAY=0";
                return pool(url, "", () -> delete(folder));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }

    /** PostgreSQL with its own defaults, and the driver's but for the rewriting of batches, which the baseline needs. */
    final class Postgres implements TestDatabase {

        private final EmbeddedPostgres server;
        private final JdbcTemplate admin;
        private int created;

        Postgres() throws IOException {
            server = EmbeddedPostgres.start();
            admin = new JdbcTemplate(server.getPostgresDatabase());
        }

        @Override
        public String name() {
            return "PostgreSQL";
        }

        @Override
        public HikariDataSource create() {
            String name = "bench" + ++created;
            admin.execute("CREATE DATABASE " + name);
            String url = server.getJdbcUrl("postgres", name) + "&reWriteBatchedInserts=true";
            return pool(url, "postgres", () -> admin.execute("DROP DATABASE " + name));
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** MariaDB with its own defaults and the driver's. */
    final class MariaDb implements TestDatabase {

        private int created;

        @Override
        public String name() {
            return "MariaDB";
        }

        @Override
        public HikariDataSource create() {
            String name = "bench" + ++created;
            JdbcTemplate admin = new JdbcTemplate(new DriverManagerDataSource(MariaDbServer.url(""), "root", ""));
            admin.execute("CREATE DATABASE " + name);
            return pool(MariaDbServer.url(name), "root", () -> admin.execute("DROP DATABASE " + name));
        }

        @Override
        public void close() {}
    }
}
