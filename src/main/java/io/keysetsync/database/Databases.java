package io.keysetsync.database;

import io.keysetsync.ConfigurationException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.util.function.SingletonSupplier;

/** The databases that keyset-sync knows. */
public final class Databases {

    private static final List<Database> KNOWN = List.of(new H2(), new PostgreSql(), new MariaDb());

    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?");

    private Databases() {}

    /**
     * The database that a JDBC URL names.
     *
     * @throws ConfigurationException if the database is unknown
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
     * @throws ConfigurationException if the database is unknown or too old, or a setting of it would change values
     */
    public static Database of(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            DatabaseMetaData data = connection.getMetaData();
            Database database = of(data.getDatabaseProductName(), data.getDatabaseProductVersion());
            refuseUnfit(database, connection);
            return database;
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("no connection", e);
        }
    }

    private static void refuseUnfit(Database database, Connection connection) throws SQLException {
        String query = database.unfitSession();
        if (query == null) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            String problem = row.next() ? row.getString(1) : null;
            if (problem != null) {
                throw new ConfigurationException("database: it has " + problem);
            }
        }
    }

    /**
     * The database of a product's name and version, as its driver gives them.
     *
     * @throws ConfigurationException if the database is unknown or too old
     */
    public static Database of(String product, String version) {
        Database database = named(product.toLowerCase(Locale.ROOT));
        if (Arrays.compare(majorAndMinor(version), majorAndMinor(database.oldestVersion())) < 0) {
            throw new ConfigurationException("database: " + product + " " + version + " is too old; keyset-sync needs "
                    + product + " " + database.oldestVersion() + " or later");
        }
        return database;
    }

    private static int[] majorAndMinor(String version) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.find()) {
            return new int[] {Integer.MAX_VALUE, 0}; // no version that could be too old
        }
        return new int[] {
            Integer.parseInt(matcher.group(1)), matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2))
        };
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
