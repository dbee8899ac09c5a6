package io.keysetsync.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.SyncRoute;
import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.inspect.Preview;
import io.keysetsync.inspect.probe.ApiFindings;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams whose source finds records, cursors and what leads on by expressions in jq instead of paths. */
class JqFieldsTest {

    private static final String STREAM =
            """
            - route:
                id: things
                from:
                  uri: kamelet:keyset-sync-source
                  parameters:
                    stream: thing
                    url: "%s"
                    retryDelay: PT0S
            %s
                  steps:
                    - to:
                        uri: kamelet:jdbc-upsert-sink
                        parameters:
                          stream: thing
                          schema: file:%s
                          drift: ignore
            """;

    private static final String EARLIER_OR_LATER = "cursorField: jq:.updated_at // .created_at\n";

    private final TestDatabase database = TestDatabase.h2();
    private final MockWebServer api = new MockWebServer();
    private final List<HttpUrl> requests = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private Path schema;

    @BeforeEach
    void start() throws Exception {
        api.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        schema = Files.writeString(
                folder.resolve("thing.schema.json"),
                """
                {"table": "thing", "primary_key": ["id"], "columns": {"id": "LONG", "n": "DECIMAL(38,0)"}}""");
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void cursorIsTheTimeOfTheUpdateOrElseOfTheCreation() throws Exception {
        answers(request -> data(
                "{\"id\": 1, \"n\": 123456789012345678901234567890, \"created_at\": \"2024-01-01T00:01:00Z\"}",
                "{\"id\": 2, \"n\": 2, \"created_at\": \"2023-01-01T00:00:00Z\", \"updated_at\": \"2024-01-01T00:03:00Z\"}",
                "{\"id\": 3, \"n\": 3, \"created_at\": \"2024-01-01T00:02:00Z\", \"updated_at\": null}",
                "{\"id\": 4, \"n\": 4}"));
        sync(EARLIER_OR_LATER);

        assertThat(run()).containsEntry("STATUS", "complete").containsEntry("QUARANTINED", 1L);
        assertThat(rows())
                .containsExactly(
                        "1 123456789012345678901234567890 2024-01-01T00:01Z",
                        "2 2 2024-01-01T00:03Z",
                        "3 3 2024-01-01T00:02Z");
        assertThat(quarantine()).containsExactly("field jq:.updated_at // .created_at: the cursor is null");
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:03:00Z");

        answers(
                request -> data(
                        "{\"id\": 2, \"n\": 1, \"created_at\": \"2023-01-01T00:00:00Z\", \"updated_at\": \"2024-01-01T00:02:00Z\"}",
                        "{\"id\": 1, \"n\": 5, \"created_at\": \"2024-01-01T00:01:00Z\", \"updated_at\": \"2024-01-01T00:04:00Z\"}"));
        sync(EARLIER_OR_LATER);
        assertThat(requests.get(1).queryParameter("updated_since")).isEqualTo("2024-01-01T00:03:00Z");
        assertThat(rows())
                .as("the guard compares what the expression gives")
                .containsExactly("1 5 2024-01-01T00:04Z", "2 2 2024-01-01T00:03Z", "3 3 2024-01-01T00:02Z");
        assertThat(run()).containsEntry("UNCHANGED", 1L);
    }

    @ParameterizedTest
    @CsvSource({"quarantine, 1, complete", "save, 2, complete", "fail, 0, failed"})
    void recordOnWhichTheCursorsExpressionFailsHasNoCursor(String onMissingCursor, int rows, String status)
            throws Exception {
        answers(request ->
                data("{\"id\": 1, \"at\": {\"time\": \"2024-01-01T00:01:00Z\"}}", "{\"id\": 2, \"at\": \"never\"}"));
        sync("cursorField: jq:.at.time\nonMissingCursor: " + onMissingCursor);

        assertThat(run()).containsEntry("STATUS", status);
        assertThat(rows()).hasSize(rows);
        String why = "field jq:.at.time: the cursor can't be read: 'jq:.at.time' fails:"
                + " Cannot index string with string \"time\"";
        if (onMissingCursor.equals("quarantine")) {
            assertThat(quarantine()).containsExactly(why);
        } else if (status.equals("failed")) {
            assertThat(run().get("ERROR")).asString().contains(why);
        }
    }

    @Test
    void retriedRecordHasTheCursorOfTheExpression() throws Exception {
        answers(request -> data("{\"id\": 1, \"n\": \"x\", \"created_at\": \"2024-01-01T00:01:00Z\"}"));
        sync(EARLIER_OR_LATER);
        assertThat(quarantine()).hasSize(1);
        Files.writeString(schema, Files.readString(schema).replace("DECIMAL(38,0)", "STRING"));
        database.jdbc().execute("ALTER TABLE \"thing\" ALTER COLUMN \"n\" SET DATA TYPE VARCHAR");
        try (DefaultCamelContext context = context(EARLIER_OR_LATER)) {
            QuarantineRetry.of(context, "thing").retry(List.of());
        }

        assertThat(quarantine()).isEmpty();
        assertThat(database.jdbc().queryForObject("SELECT COUNT(\"_cursor\") FROM \"thing\"", Integer.class))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jq:.page < .pages", "!jq:.page == .pages", "'jq:if .page < .pages then \"yes\" else 0 end'"})
    void morePagesAreToldByAnExpression(String moreField) throws Exception {
        answers(request -> {
            int page = Integer.parseInt(Objects.requireNonNull(request.queryParameter("page")));
            return "{\"page\": %d, \"pages\": 3, \"data\": [%s]}".formatted(page, thing(page));
        });
        sync("paging: page\nscrollParam: page\nmoreField: " + yaml(moreField));

        assertThat(run()).containsEntry("STATUS", "complete");
        assertThat(requests).hasSize(3);
        assertThat(rows()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jq:.added + .changed",
                "jq:.added[]?, .changed[]",
                "jq:.added, .changed",
                "jq:.added + (.changed | map(select(\"%41\" != \"A\" and .id * 3 % 100 > 0 and {a: {b: 1}} != 0)))"
            })
    void recordsAreInTwoArrays(String recordsField) throws Exception {
        answers(request -> request.queryParameter("scroll_param") == null
                ? "{\"added\": [%s], \"changed\": [%s, %s], \"scroll_param\": \"t\"}"
                        .formatted(thing(1), thing(2), thing(3))
                : "{\"added\": null, \"changed\": [%s]}".formatted(thing(4)));
        sync("recordsField: " + yaml(recordsField));

        assertThat(run()).containsEntry("STATUS", "complete").containsEntry("RECORDS", 4L);
        assertThat(rows()).hasSize(4);
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:04:00Z");
    }

    @Test
    void noResultMeansNoRecords() throws Exception {
        answers(request -> "{\"items\": []}");
        sync("recordsField: jq:.items[]");

        assertThat(run()).containsEntry("STATUS", "complete").containsEntry("RECORDS", 0L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                "recordsField: jq:.items[] => 'jq:.items[]' fails: Cannot iterate over null",
                "recordsField: jq:.items => has null in 'jq:.items'",
                "recordsField: jq:.added, .changed => has null in 'jq:.added, .changed'",
                "recordsField: jq:.error => has one object without a cursor in 'jq:.error'",
                "recordsField: jq:.error.code => has neither an array nor records in 'jq:.error.code'",
                "scrollField: jq:.error | tonumber => 'jq:.error | tonumber' fails: object",
                "scrollField: jq:.error => has no token in 'jq:.error' but OBJECT",
                "moreField: jq:.error[0] => 'jq:.error[0]' fails: Cannot index object with number",
                "errorField: jq:.error.code | ascii_upcase => 'jq:.error.code | ascii_upcase' fails",
                "errorField: jq:.error | select(. != null) | .message => an error under status 200: slow down"
            })
    void answerThatMakesNoSenseFailsTheRunAndTheCursorStays(String parameter, String message) throws Exception {
        answers(request -> "{\"data\": [" + thing(1) + "], \"items\": [" + thing(1) + "]}");
        sync("");
        answers(request -> "{\"data\": [" + thing(2) + "], \"error\": {\"code\": 5, \"message\": \"slow down\"}}");
        sync(yamlOf(parameter) + "\nattempts: 2");

        assertThat(run()).containsEntry("STATUS", "failed").containsEntry("RECORDS", 0L);
        assertThat(run().get("ERROR")).asString().startsWith("stream thing: ").contains(message, "(2 attempts)");
        assertThat(requests).hasSize(3);
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:01:00Z");
    }

    @Test
    void tokenAndValueOfTheLastRecordAreComputed() throws Exception {
        answers(request -> {
            String token = request.queryParameter("scroll_param");
            return token == null
                    ? "{\"data\": [%s], \"links\": [{\"kind\": \"self\"}, {\"kind\": \"next\", \"token\": 6.0}]}"
                            .formatted(thing(1))
                    : "{\"data\": [%s], \"links\": []}".formatted(thing(2));
        });
        sync("scrollField: 'jq:.links[] | select(.kind == \"next\") | .token | floor'");
        assertThat(requests.get(1).queryParameter("scroll_param")).isEqualTo("6");
        assertThat(rows()).hasSize(2);

        answers(request -> {
            String after = request.queryParameter("after");
            return after == null ? data(thing(3), thing(4)) : data();
        });
        sync("paging: lastRecord\nscrollParam: after\nscrollField: 'jq:\"thing:\\(.id)\"'");
        assertThat(requests.get(3).queryParameter("after")).isEqualTo("thing:4");
        assertThat(rows()).hasSize(4);
        assertThat(run()).containsEntry("STATUS", "complete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"recordsField", "cursorField", "scrollField", "moreField", "errorField"})
    void brokenExpressionIsRefusedAtTheStart(String parameter) {
        for (String broken : List.of("jq:.a |", "jq:nosuch", "jq:$ENV.HOME", "jq:")) {
            assertThatThrownBy(() -> context(parameter + ": " + yaml(broken)).close())
                    .satisfies(e -> assertThat(Objects.requireNonNull(Errors.innermost(ConfigurationException.class, e))
                                    .getMessage())
                            .startsWith("stream thing: parameter " + parameter + " '" + broken + "': ")
                            .doesNotContain("\n"));
        }
    }

    @Test
    void expressionMayHaveSeveralLines() throws Exception {
        answers(request -> data(thing(1)));
        sync(
                """
                cursorField: |
                  jq:.nothing      # the one
                  // .updatedAt    # or the other
                """);

        assertThat(rows()).hasSize(1);
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:01:00Z");
    }

    @Test
    void checkAndPreviewReadByExpressions() throws Exception {
        answers(request -> {
            int page = Integer.parseInt(Objects.requireNonNull(request.queryParameter("page")));
            return "{\"page\": %d, \"pages\": 2, \"added\": [%s], \"changed\": [%s]}"
                    .formatted(page, thing(2 * page - 1), thing(2 * page));
        });
        String parameters = "recordsField: jq:.added[], .changed[]\ncursorField: jq:.changedAt // .updatedAt\n"
                + "paging: page\nscrollParam: page\nmoreField: jq:.page < .pages\nerrorField: jq:.error";
        try (DefaultCamelContext context = context(parameters)) {
            ApiFindings check = ApiFindings.of(context, "thing");
            Preview preview = Preview.of(context, "thing", null);

            assertThat(check.findings())
                    .extracting(Finding::what)
                    .contains(
                            "2 records on the first page",
                            "the cursor jq:.changedAt // .updatedAt can be read, to the second");
            assertThat(preview.rows()).hasSize(2);
            assertThat(preview.error()).isNull();
        }
        try (DefaultCamelContext context = context(parameters.replace(".updatedAt", ".nowhere"))) {
            assertThat(ApiFindings.of(context, "thing").findings())
                    .filteredOn(finding -> finding.level() == Level.PROBLEM)
                    .first()
                    .satisfies(finding -> assertThat(finding.what() + finding.advice())
                            .contains("jq:.changedAt // .nowhere", "cursorField may be id or n or updatedAt"));
        }
        try (DefaultCamelContext context =
                context("recordsField: jq:.nowhere[]\n" + parameters.substring(parameters.indexOf('\n') + 1))) {
            assertThat(ApiFindings.of(context, "thing").findings())
                    .filteredOn(finding -> finding.level() == Level.PROBLEM)
                    .first()
                    .satisfies(finding -> assertThat(finding.what() + finding.advice())
                            .contains("'jq:.nowhere[]' fails", "recordsField may be added or changed"));
        }
    }

    @Test
    void routeInJavaTakesExpressionsToo() throws Exception {
        answers(request -> "{\"a\": [%s], \"b\": [%s], \"more\": {\"x\": false}}".formatted(thing(1), thing(2)));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", database.dataSource());
            RunsByHand.in(context);
            context.addRoutes(SyncRoute.of("thing", url())
                    .with("recordsField", "jq:(.a + .b) # both\n| map(select(.id > 0))")
                    .with("moreField", "jq:{a: (.more.x)} | .a")
                    .with("retryDelay", "PT0S")
                    .through(route ->
                            route.to("kamelet:jq-records-action?jq=RAW(.n = (\"5&6\" | split(\"&\")[1]\n | tonumber))"))
                    .into("file:" + schema));
            context.start();
            ShippedRoutes.sync(context, "thing");
        }

        assertThat(rows()).containsExactly("1 6 2024-01-01T00:01Z", "2 6 2024-01-01T00:02Z");
    }

    private void answers(Function<HttpUrl, String> body) {
        api.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request.getUrl());
                return new MockResponse(
                        200, Headers.of("Content-Type", "application/json"), body.apply(request.getUrl()));
            }
        });
    }

    private String url() {
        return "http://127.0.0.1:" + api.getPort() + "/things";
    }

    private static String yaml(String field) {
        return field.startsWith("'") ? field : "\"" + field.replace("\"", "\\\"") + "\"";
    }

    private static String yamlOf(String parameter) {
        int colon = parameter.indexOf(": ");
        return parameter.substring(0, colon + 2) + yaml(parameter.substring(colon + 2));
    }

    private static String thing(int id) {
        return "{\"id\": %d, \"n\": %d, \"updatedAt\": \"2024-01-01T00:%02d:00Z\"}".formatted(id, id, id);
    }

    private static String data(String... things) {
        return "{\"data\": [" + String.join(", ", things) + "]}";
    }

    private void sync(String parameters) throws Exception {
        try (DefaultCamelContext context = context(parameters)) {
            ShippedRoutes.sync(context, "thing");
        }
    }

    private DefaultCamelContext context(String parameters) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        try {
            context.getRegistry().bind("dataSource", database.dataSource());
            RunsByHand.in(context);
            String yaml = STREAM.formatted(url(), parameters.indent(8), schema);
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("thing.camel.yaml", yaml));
            context.start();
            return context;
        } catch (Exception e) {
            context.close();
            throw e;
        }
    }

    private List<String> rows() {
        return database.jdbc()
                .query(
                        "SELECT * FROM \"thing\" ORDER BY \"id\"",
                        (row, i) -> row.getString("id") + " " + row.getString("n") + " "
                                + row.getObject(row.getMetaData().getColumnName(3), java.time.OffsetDateTime.class));
    }

    private List<String> quarantine() {
        return database.jdbc().queryForList("SELECT reason FROM keyset_sync_quarantine", String.class);
    }

    private Map<String, Object> run() {
        List<Map<String, Object>> runs = database.runs("thing");
        return runs.get(runs.size() - 1);
    }
}
