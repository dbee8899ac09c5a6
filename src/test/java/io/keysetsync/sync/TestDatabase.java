package io.keysetsync.sync;

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

    public DataSource dataSource() {
        return new DriverManagerDataSource(url, username, password);
    }

    public JdbcTemplate jdbc() {
        return new JdbcTemplate(dataSource());
    }

    /** The stored cursor of a stream; null where it has none. */
    public @Nullable String cursor(String stream) {
        return jdbc().queryForObject(
                        "SELECT max(cursor_value) FROM keyset_sync_cursor WHERE stream = ?", String.class, stream);
    }

    /** The stream's runs, the oldest first. */
    public List<Map<String, Object>> runs(String stream) {
        return jdbc().queryForList("SELECT * FROM keyset_sync_run WHERE stream = ? ORDER BY started_at", stream);
    }
}
