package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.store.SyncStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What a stored cursor belongs to, on every database: a stream that has changed never skips records because of it. */
abstract class MarkOwnerContract {

    private static final int USERS = 20;
    private static final String LATEST = "2024-01-01T00:19:00Z";
    private static final String MIDDLE = "2024-01-01T00:10:00Z";

    private static final String SCHEMA =
            """
            {"table": "%s", "primary_key": [%s], "columns": {"id": "STRING", "name": "STRING", "updatedAt": "UTC_DATETIME",
             "createdAt": "UTC_DATETIME"}}""";

    @TempDir
    private Path temp;

    private final TestDatabase database = database();
    private final Feed feed = Feed.users(USERS);
    private ScenarioApi api;

    private String url = "/users";
    private String table = "user";
    private String key = "\"id\"";
    private String cursorField = "updatedAt";
    private boolean hasOtherSink;
    private DataSource dataSource = database.dataSource();

    abstract TestDatabase database();

    @BeforeEach
    void start() {
        api = ScenarioApi.of(feed).pageSize(10).start();
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
    }

    /** A program with the stream as it is now. */
    private DefaultCamelContext program() throws Exception {
        Path schema = Files.writeString(temp.resolve("user.schema.json"), SCHEMA.formatted(table, key));
        String from = "kamelet:keyset-sync-source?stream=user&url=" + (url.startsWith("/") ? api.url(url) : url)
                + "&cursorField=" + cursorField;
        String to = hasOtherSink ? "mock:elsewhere" : "kamelet:jdbc-upsert-sink?stream=user&schema=file:" + schema;
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", dataSource);
        RunsByHand.in(context);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).to(to);
            }
        });
        context.start();
        return context;
    }

    /** One run in a new program; gives its row. */
    private Map<String, Object> sync() throws Exception {
        try (DefaultCamelContext context = program()) {
            ShippedRoutes.sync(context, "user");
        }
        List<Map<String, Object>> runs = database.runs("user");
        return runs.get(runs.size() - 1);
    }

    private interface Change {
        void of(SyncStore store);
    }

    /** As the command {@code state} does it. */
    private void state(Change change) throws Exception {
        try (DefaultCamelContext context = program()) {
            change.of(StreamRegistry.of(context).storeOf("user"));
        }
    }

    private Map<String, Object> mark() {
        return database.jdbc().queryForMap("SELECT * FROM keyset_sync_cursor");
    }

    private @Nullable Long rows() {
        return database.jdbc().queryForObject("SELECT COUNT(*) FROM \"" + table + "\"", Long.class);
    }

    private void dropTable() {
        database.jdbc().execute("DROP TABLE \"user\"");
    }

    @Test
    void cursorNamesWhatItWasReadFromAndWhereItsRowsAre() throws Exception {
        sync();

        assertThat(mark())
                .containsEntry("url", "http://127.0.0.1/users")
                .containsEntry("table_name", "user")
                .containsEntry("key_columns", "id")
                .containsEntry("cursor_field", "updatedAt")
                .containsEntry("set_by", "run");
    }

    @Test
    void anotherPortOfALoopbackAddressIsTheSameApi() throws Exception {
        sync();
        Object version = mark().get("version");
        api.close();
        api = ScenarioApi.of(feed).pageSize(10).start();

        assertThat(sync()).containsEntry("status", "complete").containsEntry("records", 1L);
        assertThat(mark()).containsEntry("version", version);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "url         | /people              | the url 'http://127.0.0.1/users', which is now 'http://127.0.0.1/people'",
                "url         | http://localhost:1/users | the url 'http://127.0.0.1/users', which is now 'http://localhost/users'",
                "url         | https://api.example.com:8443/users | which is now 'https://api.example.com:8443/users'",
                "table       | people               | the table 'user', which is now 'people'",
                "key         | \"id\", \"createdAt\"| the key 'id', which is now 'createdAt, id'",
                "cursorField | createdAt            | the cursor field 'updatedAt', which is now 'createdAt'",
                "sink        | other                | the table 'user', which is now none"
            })
    void runOfAStreamThatHasChangedFailsInOneLineAndAsksNothing(String what, String value, String said)
            throws Exception {
        sync();
        Map<String, Object> before = mark();
        int asked = api.requests().size();
        if (what.equals("key")) {
            dropTable();
        }
        change(what, value);

        Map<String, Object> run = sync();
        assertThat(run).containsEntry("status", "failed").containsEntry("pages", 0L);
        assertThat(run.get("error"))
                .asString()
                .startsWith("stream user: the cursor " + LATEST + " belongs to ")
                .contains(said, "'keyset-sync state keep user'", "'keyset-sync state reset user'")
                .doesNotContain("\n");
        assertThat(mark()).isEqualTo(before);
        assertThat(api.requests()).hasSize(asked);
    }

    private void change(String what, String value) {
        switch (what) {
            case "url" -> url = value;
            case "table" -> table = value;
            case "key" -> key = value;
            case "cursorField" -> cursorField = value;
            default -> hasOtherSink = true;
        }
    }

    @Test
    void anotherTableGetsAllRecordsOnceTheCursorIsReset() throws Exception {
        sync();
        table = "people";
        assertThat(sync()).containsEntry("status", "failed");
        state(store -> store.changeCursor("user", null));

        assertThat(sync()).containsEntry("status", "complete").containsEntry("upserted", (long) USERS);
        assertThat(rows()).isEqualTo(USERS);
        assertThat(mark()).containsEntry("table_name", "people");
    }

    @Test
    void keptCursorIsThatOfTheChangedStream() throws Exception {
        sync();
        url = "/people";
        assertThat(sync()).containsEntry("status", "failed");
        state(store -> assertThat(store.keepCursor("user")).isEqualTo(LATEST));
        assertThat(mark()).containsEntry("url", null).containsEntry("set_by", "keep");
        assertThat(database.runs("user").get(2))
                .containsEntry("cursor_from", LATEST)
                .containsEntry("cursor_to", LATEST);

        assertThat(sync()).containsEntry("status", "complete").containsEntry("records", 1L);
        assertThat(mark()).containsEntry("url", "http://127.0.0.1/people").containsEntry("set_by", "run");

        url = "/users";
        assertThat(sync()).as("back again").containsEntry("status", "failed");
    }

    @Test
    void thereIsNothingToKeepWithoutACursor() throws Exception {
        state(store -> assertThatThrownBy(() -> store.keepCursor("user"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("stream user: there is no cursor to keep; the next run reads everything"));
    }

    @Test
    void runFromAMissingTableReadsEverythingAndARowSaysWhy() throws Exception {
        sync();
        dropTable();

        assertThat(sync())
                .containsEntry("status", "complete")
                .containsEntry("upserted", (long) USERS)
                .containsEntry("cursor_from", null);
        assertThat(rows()).isEqualTo(USERS);
        assertThat(database.cursor("user")).isEqualTo(LATEST);
        assertThat(database.runs("user").get(1))
                .containsEntry("status", "complete")
                .containsEntry("cursor_from", LATEST)
                .containsEntry("cursor_to", null)
                .containsEntry(
                        "error",
                        "stream user: the table 'user' is missing, so the cursor is forgotten and everything is read"
                                + " again");
        assertThat(database.runs("user")).hasSize(3);
    }

    @Test
    void keptCursorOfAMissingTableIsForgottenToo() throws Exception {
        sync();
        url = "/people";
        state(store -> store.keepCursor("user"));
        dropTable();

        assertThat(sync()).containsEntry("upserted", (long) USERS).containsEntry("cursor_from", null);
    }

    /** The cursor is forgotten before the table is there again: else the next run would find an empty table and a cursor. */
    @Test
    void killBetweenTheForgottenCursorAndTheNewTableLosesNothing() throws Exception {
        sync();
        dropTable();
        dataSource = new FailsAt("CREATE TABLE", database.dataSource());
        assertThat(sync()).containsEntry("status", "failed");
        assertThat(database.cursor("user")).isNull();
        assertThatThrownBy(this::rows).as("no table").isNotNull();

        dataSource = database.dataSource();
        assertThat(sync()).containsEntry("status", "complete").containsEntry("upserted", (long) USERS);
        assertThat(rows()).isEqualTo(USERS);
    }

    /** A retry of quarantined records may be the first to find out. */
    @Test
    void tableThatARetryCreatesHasNoCursorEither() throws Exception {
        feed.put(FeedRecord.user("bad", "2024-01-01T00:00:30Z").with("createdAt", "yesterday"));
        sync();
        dropTable();
        try (DefaultCamelContext context = program()) {
            QuarantineRetry.of(context, "user").retry(List.of());
        }
        assertThat(database.cursor("user")).isNull();

        assertThat(sync()).containsEntry("upserted", (long) USERS);
        assertThat(rows()).isEqualTo(USERS);
    }

    @Test
    void cursorThatWasSetHoldsUntilARunHasUsedItAlsoIfThatRunFailsAndIsKept() throws Exception {
        state(store -> store.changeCursor("user", MIDDLE));
        state(store -> store.keepCursor("user"));
        assertThat(mark()).containsEntry("set_by", "hand").containsEntry("url", null);
        dataSource = new FailsAt("CREATE TABLE", database.dataSource());
        assertThat(sync()).containsEntry("status", "failed");

        dataSource = database.dataSource();
        assertThat(sync()).containsEntry("status", "complete").containsEntry("upserted", 10L);
        assertThat(api.requests().get(0).parameter("updated_since")).isEqualTo(MIDDLE);
        assertThat(mark()).containsEntry("set_by", "run").containsEntry("table_name", "user");

        dropTable();
        assertThat(sync()).as("now a run's").containsEntry("upserted", (long) USERS);
    }

    @Test
    void cursorOfAnEarlierVersionIsTakenOverByTheNextRun() throws Exception {
        sync();
        for (String added : List.of("url", "table_name", "key_columns", "cursor_field", "set_by")) {
            database.jdbc().execute("ALTER TABLE keyset_sync_cursor DROP COLUMN " + added);
        }
        assertThat(sync()).containsEntry("status", "complete").containsEntry("records", 1L);
        assertThat(mark()).containsEntry("url", "http://127.0.0.1/users").containsEntry("table_name", "user");

        table = "people";
        assertThat(sync()).containsEntry("status", "failed");
    }

    @Test
    void cursorOfAnotherSinkHasNoTableAndIsTakenOverByATable() throws Exception {
        hasOtherSink = true;
        sync();
        assertThat(mark())
                .containsEntry("url", "http://127.0.0.1/users")
                .containsEntry("table_name", null)
                .containsEntry("key_columns", null);
        assertThat(sync()).containsEntry("status", "complete").containsEntry("records", 1L);

        hasOtherSink = false;
        assertThat(sync()).as("the table is missing").containsEntry("upserted", (long) USERS);
    }

    /** Both begin with a cursor that belongs to nobody yet; the later one must not take it for its own. */
    @Test
    void ofTwoInstallationsWithOneStreamAndTwoTablesTheSecondFails() throws Exception {
        sync();
        state(store -> store.changeCursor("user", null));
        table = "people";
        sync();
        state(store -> store.changeCursor("user", MIDDLE));
        table = "user";

        DefaultCamelContext first = program();
        table = "people";
        InterruptedDataSource interrupted = new InterruptedDataSource(database.dataSource());
        dataSource = interrupted;
        interrupted.beforeNext("UPDATE keyset_sync_cursor", () -> {
            ShippedRoutes.sync(first, "user");
            return null;
        });
        try (first;
                DefaultCamelContext second = program()) {
            ShippedRoutes.sync(second, "user");
            assertThat(mark()).as("the first one's").containsEntry("table_name", "user");
            ShippedRoutes.sync(second, "user");
        }
        List<Map<String, Object>> runs = database.runs("user");
        assertThat(runs.get(runs.size() - 1)).containsEntry("status", "failed");
        assertThat(runs.get(runs.size() - 1).get("error"))
                .asString()
                .contains("the table 'user', which is now 'people'");
    }

    /** A database whose connection breaks at a statement, as a kill would have it. */
    private static final class FailsAt extends DelegatingDataSource {

        private final String beginning;

        FailsAt(String beginning, DataSource target) {
            super(target);
            this.beginning = beginning;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return failing(Connection.class, super.getConnection());
        }

        private <T> T failing(Class<T> type, Object target) {
            return type.cast(
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (arguments != null
                                && arguments.length > 0
                                && arguments[0] instanceof String sql
                                && sql.startsWith(beginning)) {
                            throw new SQLException("killed", "08006");
                        }
                        try {
                            Object result = method.invoke(target, arguments);
                            return result != null && method.getName().equals("createStatement")
                                    ? failing(java.sql.Statement.class, result)
                                    : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }
    }
}
