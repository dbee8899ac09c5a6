package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.database.Rights;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rights that {@code check} misses, on every database: those without which runs fail, and nothing is tried. */
abstract class RightsContract {

    final TestDatabase database = database();

    /** A user that may connect, and no more. */
    final TestDatabase restricted =
            new TestDatabase(restrictedUrl(), "u" + UUID.randomUUID().toString().substring(0, 8), "secret");

    /** A schema that does not exist. */
    final String missing = "raw_" + UUID.randomUUID().toString().substring(0, 8);

    private final ScenarioApi api = ScenarioApi.of(Feed.users(5)).start();

    abstract TestDatabase database();

    String restrictedUrl() {
        return database.url();
    }

    /** Creates the user. */
    abstract void create(String user, String password);

    /** Lets the user read all tables. */
    abstract void read();

    /** How many tables there are. */
    abstract Long tables();

    /** Lets the user do everything with the connection's own schema, but create no other; false if there is no such right. */
    boolean own() {
        return false;
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
    }

    private DefaultCamelContext program(TestDatabase user, String deleteMode) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", user.dataSource());
        RunsByHand.in(context);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=user&url=" + api.url())
                        .to("kamelet:jdbc-upsert-sink?stream=user&schema=file:routes/user.schema.json&deletedField=gone"
                                + "&deleteMode=" + deleteMode);
            }
        });
        context.start();
        return context;
    }

    /** A run's status. */
    private Object sync(TestDatabase user) throws Exception {
        try (DefaultCamelContext context = program(user, "soft")) {
            ShippedRoutes.sync(context, "user");
        }
        List<Map<String, Object>> runs = database.runs("user");
        return runs.get(runs.size() - 1).get("status");
    }

    private record Checked(boolean isComplete, String missing, String grants) {}

    private Checked check(String deleteMode) throws Exception {
        try (DefaultCamelContext context = program(restricted, deleteMode)) {
            Rights rights = Objects.requireNonNull(StreamRegistry.of(context).sinkOf("user"))
                    .rights();
            return new Checked(rights.isComplete(), rights.missing(), rights.grants());
        }
    }

    /** Does what the advice says, as an administrator. */
    private void follow(String grants) {
        JdbcTemplate administrator = new JdbcTemplate(database.dataSource());
        for (String statement : grants.split("; ", -1)) {
            administrator.execute(statement);
        }
    }

    @Test
    void userWhoMayNotCreateTablesLacksThatRightUntilTheAdviceIsFollowed() throws Exception {
        create(restricted.username(), restricted.password());
        Checked checked = check("soft");
        assertThat(checked.isComplete()).isFalse();
        assertThat(checked.missing()).contains("CREATE").doesNotContain("\n");
        assertThat(tables()).as("nothing is tried").isZero();

        follow(checked.grants());
        assertThat(check("soft").missing()).isEmpty();
        assertThat(tables()).isZero();
        assertThat(sync(restricted)).isEqualTo("complete");
    }

    /** A stream whose table is in a schema that is missing. */
    private OwnStream elsewhere() throws Exception {
        return new OwnStream(
                "own",
                database,
                restricted.dataSource(),
                "{\"schema\": \"" + missing + "\", \"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\":"
                        + " \"LONG\", \"updatedAt\": \"UTC_DATETIME\"}}");
    }

    @Test
    void userWhoMayNotCreateASchemaIsToldSoInOneLineUntilTheAdviceIsFollowed() throws Exception {
        create(restricted.username(), restricted.password());
        String record = "{\"id\": 1, \"updatedAt\": \"2024-01-01T00:00:00Z\"}";
        if (own()) {
            try (OwnStream stream = elsewhere()) {
                Map<String, Object> run = stream.sync(record);
                assertThat(run).containsEntry("status", "failed");
                assertThat((String) run.get("error"))
                        .contains("the schema ", missing, "is missing", "refuses to create it", "have an administrator")
                        .doesNotContain("\n");
            }
        }
        try (OwnStream stream = elsewhere()) {
            Rights rights = stream.rights();
            assertThat(rights.missing()).contains("CREATE");
            follow(rights.grants());
            assertThat(stream.rights().missing()).isEmpty();
            assertThat(stream.sync(record)).containsEntry("status", "complete");
        }
    }

    @Test
    void userWhoMayOnlyReadLacksTheRightsToWriteUntilTheAdviceIsFollowed() throws Exception {
        assertThat(sync(database)).isEqualTo("complete");
        create(restricted.username(), restricted.password());
        read();

        Checked checked = check("soft");
        assertThat(checked.missing()).contains("INSERT, UPDATE on ", "user").doesNotContain("SELECT", "CREATE", "\n");
        follow(checked.grants());
        assertThat(check("soft").missing()).isEmpty();
        assertThat(check("hard").missing())
                .as("of rows")
                .startsWith("DELETE on ")
                .doesNotContain(";");
        assertThat(sync(restricted)).isEqualTo("complete");
    }
}
