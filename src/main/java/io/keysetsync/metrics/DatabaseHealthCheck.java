package io.keysetsync.metrics;

import io.keysetsync.Errors;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.SyncStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Whether the databases of the streams answer, each within two seconds. */
final class DatabaseHealthCheck extends StreamHealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Everybody on the machine may ask for the health, and as often as they like. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final Map<SyncStore, FreshValue<String>> answers = new ConcurrentHashMap<>();

    DatabaseHealthCheck(CamelContext context) {
        super(context, "keyset-sync-database");
    }

    @Override
    String problem() {
        StreamRegistry registry = StreamRegistry.of(context);
        Set<SyncStore> stores =
                registry.streams().stream().map(registry::storeOf).collect(Collectors.toSet());
        answers.keySet().retainAll(stores);
        return stores.stream()
                .map(this::ask)
                .map(answer -> answer.orElse("the database has not answered within " + PATIENCE.toSeconds() + " s"))
                .filter(problem -> !problem.isEmpty())
                .findFirst()
                .orElse("");
    }

    private Optional<String> ask(SyncStore store) {
        DataSource database = store.dataSource();
        return answers.computeIfAbsent(
                        store, asked -> new FreshValue<>("keyset-sync-health", () -> problem(database), KEPT, PATIENCE))
                .now();
    }

    /** The driver's message may name the server and its user, which are nobody's business here. */
    private static String problem(DataSource database) {
        try (Connection connection = database.getConnection()) {
            return connection.isValid((int) PATIENCE.toSeconds()) ? "" : "the connection to the database is broken";
        } catch (SQLException | CannotGetJdbcConnectionException e) {
            SQLException sql = Errors.innermost(SQLException.class, e);
            String state = sql == null ? "" : Objects.toString(sql.getSQLState(), "");
            return "no connection to the database" + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")")
                    + "; check that it is up, and its url, username and password";
        }
    }
}
