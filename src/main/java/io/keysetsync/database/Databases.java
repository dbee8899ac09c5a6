package io.keysetsync.database;

import io.keysetsync.ConfigurationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.util.function.SingletonSupplier;

/** The databases that keyset-sync knows. */
public final class Databases {

    private static final List<Database> KNOWN = List.of(new H2(), new PostgreSql(), new MariaDb());

    private Databases() {}

    /**
     * The database that a JDBC URL names.
     *
     * @throws ConfigurationException if it is none that is known
     */
    public static Database of(String url) {
        String[] parts = url.split(":", 3);
        if (parts.length < 3 || !parts[0].equals("jdbc")) {
            throw new ConfigurationException("database: '" + parts[0] + "…' is not a JDBC URL; it begins with one of "
                    + KNOWN.stream().map(d -> "jdbc:" + d.name() + ":").collect(Collectors.joining(" ")));
        }
        return named(parts[1]);
    }

    /**
     * The database behind a data source. Opens a connection.
     *
     * @throws ConfigurationException if it is none that is known
     */
    public static Database of(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return named(connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT));
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("no connection", e);
        }
    }

    /** The time as a parameter of statements on {@code dataSource}. The first call opens a connection. */
    public static Supplier<Object> clock(DataSource dataSource, Clock clock) {
        SingletonSupplier<Database> database = SingletonSupplier.of(() -> of(dataSource));
        return () -> database.obtain().parameterOf(clock.instant());
    }

    private static Database named(String name) {
        if (name.equals("mysql")) {
            throw new ConfigurationException("database: MySQL has not been tested with keyset-sync, and its SQL differs"
                    + " from MariaDB's; for a MariaDB server write jdbc:mariadb:");
        }
        return KNOWN.stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("database: '" + name + "' is unknown; known are "
                        + KNOWN.stream().map(Database::name).collect(Collectors.joining(", "))));
    }
}
