package io.keysetsync.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.RunEvent;
import io.keysetsync.inspect.Preview;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.record.Quarantined;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams with the Kamelet {@code jq-records-action} between source and sink, in YAML. */
class RecordsActionTest {

    private static final String STREAM =
            """
            - route:
                id: the-things
                from:
                  uri: kamelet:keyset-sync-source
                  parameters:
                    stream: thing
                    url: "%s"
                    retryDelay: PT0S
            %s
                  steps:
            %s
                    - to:
                        uri: kamelet:jdbc-upsert-sink
                        parameters:
                          stream: thing
                          schema: file:%s
                          maxQuarantined: 5
            """;

    private static final String SCHEMA =
            """
            {"table": "thing", "primary_key": ["id"], "columns":
              {"id": "STRING", "name": "STRING", "amount": "DECIMAL(30,5)", "updatedAt": "UTC_DATETIME"}}""";

    private final TestDatabase database = TestDatabase.h2();

    @TempDir
    private Path folder;

    private Path schema;

    @BeforeEach
    void schema() throws Exception {
        schema = Files.writeString(folder.resolve("thing.schema.json"), SCHEMA);
    }

    @Test
    void changesDropsAndMultipliesRecordsAndTheCursorIsThatOfTheSource() throws Exception {
        sync(
                """
                select(.keep) | .lines[] as $line | {id: "\\(.id)-\\($line.no)", name, amount: $line.amount, updatedAt: "x"}""",
                thing(
                        "1",
                        1,
                        "\"keep\": true, \"lines\": [{\"no\": 1, \"amount\": 1.50000}, {\"no\": 2, \"amount\": 2}]"),
                thing("2", 2, "\"keep\": false, \"lines\": [{\"no\": 1}]"),
                thing("3", 3, "\"keep\": true, \"lines\": []"),
                thing("4", 4, "\"keep\": true, \"lines\": [{\"no\": 1, \"amount\": 123456789012345678901234.56789}]"));

        assertThat(rows())
                .containsExactly(
                        "1-1 n 1.50000 2024-01-01T00:01Z",
                        "1-2 n 2.00000 2024-01-01T00:01Z",
                        "4-1 n 123456789012345678901234.56789 2024-01-01T00:04Z");
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:04:00Z");
        assertThat(run())
                .containsEntry("RECORDS", 4L)
                .containsEntry("UPSERTED", 3L)
                .containsEntry("QUARANTINED", 0L);
    }

    @Test
    void anOlderVersionNeverReplacesARowAlsoIfTheExpressionDropsTheCursor() throws Exception {
        sync("del(.updatedAt)", thing("1", 5, "\"amount\": 5"), thing("2", 1, "\"amount\": 1"));
        sync("del(.updatedAt)", thing("1", 4, "\"amount\": 4"), thing("2", 2, "\"amount\": 2"));
        sync(".updatedAt = \"2030-01-01T00:00:00Z\"", thing("1", 3, "\"amount\": 3"), thing("2", 3, "\"amount\": 3"));

        assertThat(rows()).containsExactly("1 n 5.00000 2024-01-01T00:05Z", "2 n 3.00000 2024-01-01T00:03Z");
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:05:00Z");
    }

    @Test
    void recordOnWhichTheExpressionFailsIsQuarantinedWithJqsMessageAsTheSourceReadIt() throws Exception {
        sync(
                "{id, name: (.name + \"!\"), amount: .nested.amount} | ., error(\"never\") | select(.id != \"3\")",
                thing("1", 1, ""));
        sync(
                "if .id == \"4\" then .name else (.amount |= . + 1, (select(.id == \"3\") | error(\"no good\"))) end",
                thing("1", 1, "\"amount\": 1"),
                thing("2", 2, "\"amount\": \"1\""),
                thing("3", 3, "\"amount\": 3"),
                thing("4", 4, "\"amount\": 3"));

        assertThat(quarantine())
                .containsExactly(
                        "source jq: never {\"id\":\"1\",\"name\":\"n\",\"updatedAt\":\"2024-01-01T00:01:00Z\"}",
                        "source jq: string (\"1\") and number (1) cannot be added"
                                + " {\"id\":\"2\",\"name\":\"n\",\"updatedAt\":\"2024-01-01T00:02:00Z\",\"amount\":\"1\"}",
                        "source jq: no good"
                                + " {\"id\":\"3\",\"name\":\"n\",\"updatedAt\":\"2024-01-01T00:03:00Z\",\"amount\":3}",
                        "source jq: a result is STRING, not an object; let the expression give an object for each record"
                                + " to keep, and empty to leave a record out"
                                + " {\"id\":\"4\",\"name\":\"n\",\"updatedAt\":\"2024-01-01T00:04:00Z\",\"amount\":3}");
        assertThat(rows()).as("all or nothing of a record").containsExactly("1 n 2.00000 2024-01-01T00:01Z");
        assertThat(database.cursor("thing")).isEqualTo("2024-01-01T00:04:00Z");
        assertThat(run()).containsEntry("QUARANTINED", 3L).containsEntry("UPSERTED", 1L);
    }

    @Test
    void moreFailuresThanMaxQuarantinedFailTheRun() throws Exception {
        String[] things = {
            thing("1", 1, ""),
            thing("2", 2, ""),
            thing("3", 3, ""),
            thing("4", 4, ""),
            thing("5", 5, ""),
            thing("6", 6, "")
        };
        sync("error(\"never\")", things);

        assertThat(run()).containsEntry("STATUS", "failed");
        assertThat(run().get("ERROR"))
                .asString()
                .contains("stream thing: this run would quarantine 6 records or more", "jq: never");
        assertThat(quarantine()).isEmpty();
        assertThat(database.cursor("thing")).isNull();
    }

    @Test
    void retryPutsARecordThroughTheExpressionThatTheStreamHasNow() throws Exception {
        sync("del(.updatedAt) | .amount |= . + 1", thing("1", 1, "\"amount\": \"1\""), thing("2", 2, "\"amount\": 2"));
        assertThat(quarantine()).hasSize(1);
        assertThat(retry("del(.updatedAt) | .amount |= . + 1").total().quarantined())
                .isEqualTo(1);
        assertThat(quarantine()).hasSize(1);

        assertThat(retry("del(.updatedAt) | .amount |= tonumber + 1").total().upserted())
                .isEqualTo(1);
        assertThat(quarantine()).isEmpty();
        assertThat(rows()).containsExactly("1 n 2.00000 2024-01-01T00:01Z", "2 n 3.00000 2024-01-01T00:02Z");
    }

    @Test
    void whatTheSinkRefusesOfTheResultsComesBackThroughTheExpressionWithItsCursor() throws Exception {
        String explode = "del(.updatedAt) as $new | .parts[] | {id: .id, name: \"p\", amount: .amount}";
        sync(
                explode,
                thing(
                        "1",
                        1,
                        "\"parts\": [{\"id\": \"1a\", \"amount\": 1}, {\"id\": \"1b\", \"amount\": \"x\"},"
                                + " {\"id\": \"1c\", \"amount\": \"x\"}]"));

        assertThat(quarantine())
                .singleElement()
                .asString()
                .startsWith("source field amount: DECIMAL(30,5) can't take \"x\"")
                .endsWith(
                        " {\"id\":\"1\",\"name\":\"n\",\"updatedAt\":\"2024-01-01T00:01:00Z\",\"parts\":"
                                + "[{\"id\":\"1a\",\"amount\":1},{\"id\":\"1b\",\"amount\":\"x\"},{\"id\":\"1c\",\"amount\":\"x\"}]}");
        assertThat(rows()).containsExactly("1a p 1.00000 2024-01-01T00:01Z");
        RunEvent.State retried = retry(".parts[] | {id: .id, name: \"p\", amount: (.amount | tonumber? // 0)}");
        assertThat(retried.total().upserted()).isEqualTo(2);
        assertThat(retried.total().unchanged()).isEqualTo(1);
        assertThat(quarantine()).isEmpty();
        assertThat(rows())
                .containsExactly(
                        "1a p 1.00000 2024-01-01T00:01Z",
                        "1b p 0.00000 2024-01-01T00:01Z",
                        "1c p 0.00000 2024-01-01T00:01Z");
    }

    @Test
    void laterStepsChangeOnlyWhatTheExpressionMade() throws Exception {
        String steps =
                """
                - to:
                    uri: kamelet:jq-records-action
                    parameters: {jq: "."}
                - split:
                    expression: {simple: {expression: "${body}"}}
                    steps:
                      - script:
                          expression: {simple: {expression: "${body.put('amount', 'none')}"}}
                      - script:
                          expression: {simple: {expression: "${body.remove('updatedAt')}"}}
                - to:
                    uri: kamelet:jq-records-action
                    parameters: {jq: ".name = .name + \\"2\\""}
                """;
        syncSteps("", steps, thing("1", 1, "\"amount\": 1"));

        assertThat(quarantine())
                .containsExactly("source field amount: DECIMAL(30,5) can't take \"none\": not a number"
                        + " {\"id\":\"1\",\"name\":\"n\",\"updatedAt\":\"2024-01-01T00:01:00Z\",\"amount\":1}");
    }

    @Test
    void previewShowsTheResultsAndWhatWouldBeQuarantined() throws Exception {
        try (ScenarioApi api = api(thing("1", 1, "\"amount\": 1"), thing("2", 2, "\"amount\": \"2\""));
                DefaultCamelContext context = context(api, "", step(".amount |= . + 1 | .name = \"previewed\""))) {
            Preview preview = Preview.of(context, "thing", null);

            assertThat(preview.rows()).singleElement().satisfies(row -> assertThat(
                            row.record().path("name").asText())
                    .isEqualTo("previewed"));
            assertThat(preview.quarantined())
                    .extracting(Quarantined::reason)
                    .containsExactly("jq: string (\"2\") and number (1) cannot be added");
        }
    }

    /** Characters that mean something in a URI, or to Camel. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".name = .name + \"+?#=/ a+b%%41 \" + \"}\"",
                ".name += ([\"+\", \"?#=/ a+b\", \"%%41 \", \"}\"] | add) | .x = {a: {b: 5 %% 3}} | del(.x)",
                "RAW(.name = (.name | sub(\"n\"; \"n+?#=/ a+b%%41 }\")))",
                ".name |= . + (\"+?#=/ a+b%%41 }\" | split(\"&\") | first)",
            })
    void expressionArrivesAsItIsWritten(String expression) throws Exception {
        String raw = expression.contains("&") ? "RAW(" + expression + ")" : expression;
        sync(raw.replace("%%", "%"), thing("1", 1, "\"amount\": 1"));

        assertThat(quarantine()).isEmpty();
        assertThat(rows()).containsExactly("1 n+?#=/ a+b%41 } 1.00000 2024-01-01T00:01Z");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiterString = "=>",
            value = {
                ".a | => parameter jq '.a |': is not a jq expression: not understood at line 1, column 4",
                ".a | nosuch => parameter jq '.a | nosuch': has the function nosuch/0, which does not exist here",
                "env => parameter jq 'env': has the function env/0, which does not exist here",
                "\"a&b\" => kamelet:jq-records-action has a value with '&', which ends it",
                "`` => parameter jq '': needs an expression in jq",
            })
    void brokenExpressionIsRefusedAtTheStartInOneLine(String expression, String refusal) {
        assertThatThrownBy(() -> sync(expression))
                .satisfies(e -> assertThat(Objects.requireNonNull(Errors.innermost(ConfigurationException.class, e))
                                .getMessage())
                        .startsWith("stream thing: " + refusal)
                        .doesNotContain("\n"));
    }

    @Test
    void expressionMayHaveSeveralLinesAndComments() throws Exception {
        syncSteps(
                "",
                """
                - to:
                    uri: kamelet:jq-records-action
                    parameters:
                      jq: |
                        # only those with an amount
                        select(.amount != null)
                        | .name = "a" # and another name
                        | .amount += 1
                """,
                thing("1", 1, "\"amount\": 1"),
                thing("2", 2, ""));

        assertThat(rows()).containsExactly("1 a 2.00000 2024-01-01T00:01Z");
    }

    private void sync(String expression, String... things) throws Exception {
        syncSteps("", step(expression), things);
    }

    private void syncSteps(String parameters, String steps, String... things) throws Exception {
        try (ScenarioApi api = api(things);
                DefaultCamelContext context = context(api, parameters, steps)) {
            ShippedRoutes.sync(context, "thing");
        }
    }

    private RunEvent.State retry(String expression) throws Exception {
        try (ScenarioApi api = api();
                DefaultCamelContext context = context(api, "", step(expression))) {
            return QuarantineRetry.of(context, "thing").retry(List.of());
        }
    }

    private static ScenarioApi api(String... things) throws Exception {
        ScenarioApi api = ScenarioApi.of(Feed.of()).start();
        api.change(scenario -> scenario.always(Fault.json(200, "{\"data\": [" + String.join(", ", things) + "]}")));
        return api;
    }

    private DefaultCamelContext context(ScenarioApi api, String parameters, String steps) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        try {
            context.getRegistry().bind("dataSource", database.dataSource());
            RunsByHand.in(context);
            String yaml = STREAM.formatted(api.url(), parameters.indent(8), steps.indent(8), schema);
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("thing.camel.yaml", yaml));
            context.start();
            return context;
        } catch (Exception e) {
            context.close();
            throw e;
        }
    }

    private static String step(String expression) {
        return """
                - to:
                    uri: kamelet:jq-records-action
                    parameters:
                      jq: '%s'
                """
                .formatted(expression.replace("'", "''"));
    }

    private static String thing(String id, int minute, String more) {
        return "{\"id\": \"%s\", \"name\": \"n\", \"updatedAt\": \"2024-01-01T00:%02d:00Z\"%s}"
                .formatted(id, minute, more.isEmpty() ? "" : ", " + more);
    }

    private List<String> rows() {
        return database.jdbc()
                .query(
                        "SELECT * FROM \"thing\" ORDER BY \"id\"",
                        (row, i) -> row.getString("id") + " " + row.getString("name") + " "
                                + row.getBigDecimal("amount").toPlainString() + " "
                                + row.getObject("updatedAt", java.time.OffsetDateTime.class));
    }

    private List<String> quarantine() {
        return database.jdbc()
                .query(
                        "SELECT * FROM keyset_sync_quarantine ORDER BY record",
                        (row, i) -> row.getString("set_aside_by") + " " + row.getString("reason") + " "
                                + row.getString("record"));
    }

    private Map<String, Object> run() {
        List<Map<String, Object>> runs = database.runs("thing");
        return runs.get(runs.size() - 1);
    }
}
