package io.keysetsync.sync;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A database of a test's own, empty at first.
 *
 * @param url as a user would set {@code sync.database.url}
 */
public record TestDatabase(String url, String username, String password) {

    /** An H2 database in memory, for as long as this JVM lives. */
    public static TestDatabase h2() {
        return new TestDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
    }

    /** A database on a PostgreSQL that the tests of this JVM share. */
    public static TestDatabase postgreSql() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(PostgreSqlServer.get().getPostgresDatabase()).execute("CREATE DATABASE " + name);
        return new TestDatabase(PostgreSqlServer.get().getJdbcUrl("postgres", name), "postgres", "postgres");
    }

    /** A database on a MariaDB that the tests of this JVM share. */
    public static TestDatabase mariaDb() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(new DriverManagerDataSource(MariaDbServer.url(""), "root", ""))
                .execute("CREATE DATABASE " + name);
        return new TestDatabase(MariaDbServer.url(name), "root", "");
    }

    public DataSource dataSource() {
        return dataSource("");
    }

    private DataSource dataSource(String options) {
        return isOnASharedServer()
                ? TestConnections.to(url + options, username, password)
                : new DriverManagerDataSource(url + options, username, password);
    }

    private boolean isOnASharedServer() {
        return url.matches("jdbc:(postgresql|mariadb)://[^/]+/test_[0-9a-f]{32}(\\?.*)?")
                && (username.equals("postgres") || username.equals("root")); // others get and lose rights
    }

    /** For a test's own SQL, in which quotes quote names on every database. */
    public JdbcTemplate jdbc() {
        return new JdbcTemplate(
                isMariaDb() ? dataSource("?sessionVariables=sql_mode='ANSI,STRICT_ALL_TABLES'") : dataSource());
    }

    /** Drops all tables. */
    public void forgetAll() {
        if (isMariaDb()) {
            TestConnections.close(url);
            jdbc().execute("DROP DATABASE " + name());
            TestConnections.close(url);
            new JdbcTemplate(new DriverManagerDataSource(MariaDbServer.url(""), username, password))
                    .execute("CREATE DATABASE " + name());
        } else {
            jdbc().execute(
                            url.startsWith("jdbc:h2:")
                                    ? "DROP ALL OBJECTS"
                                    : "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }
    }

    private boolean isMariaDb() {
        return url.startsWith("jdbc:mariadb:");
    }

    private String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** A {@code UTC_DATETIME} of a row, in any type that the database has for such values. */
    public @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        if (isMariaDb()) {
            LocalDateTime time = row.getObject(column, LocalDateTime.class);
            return time == null ? null : time.toInstant(ZoneOffset.UTC);
        }
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** The stored cursor of a stream; null if it has none. */
    public @Nullable String cursor(String stream) {
        return jdbc().queryForObject(
                        "SELECT max(cursor_value) FROM keyset_sync_cursor WHERE stream = ?", String.class, stream);
    }

    /** The stream's runs, the oldest first. */
    public List<Map<String, Object>> runs(String stream) {
        return jdbc().queryForList("SELECT * FROM keyset_sync_run WHERE stream = ? ORDER BY started_at", stream);
    }
}
