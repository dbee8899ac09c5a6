package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.paging.PageJson;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Steps that users put between the source and the sink of a stream, in YAML. */
class StreamStepsTest {

    private static final String STREAM =
            """
            - route:
                id: people
                %s
                from:
                  uri: kamelet:keyset-sync-source
                  parameters:
                    stream: people
                    url: "%s"
                  steps:
            %s
            """;

    private static final String SINK =
            """
            - to:
                uri: kamelet:jdbc-upsert-sink
                parameters:
                  stream: people
                  schema: file:routes/user.schema.json
            """;

    private final TestDatabase database = TestDatabase.h2();
    private final Feed feed = Feed.users(25);

    @Test
    void stepCanChangeEachRecord() throws Exception {
        sync(
                "",
                """
                - split:
                    expression: {simple: {expression: "${body}"}}
                    steps:
                      - script:
                          expression: {simple: {expression: "${body.remove('job')}"}}
                """
                        + SINK);

        assertThat(jobs()).hasSize(25).containsOnly((String) null);
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void stepCanLeaveOutRecordsAndTheCursorStillMovesPastThem() throws Exception {
        sync("", """
                - bean:
                    ref: onlyEven
                """ + SINK);

        assertThat(jobs()).hasSize(12);
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void stepOfTheReadmeDoesWhatTheReadmeSays() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf("```yaml\n", readme.indexOf("## A step of your own")) + "```yaml\n".length();
        String steps = readme.substring(begin, readme.indexOf("```", begin));
        feed.put(FeedRecord.user("7", "2024-01-01T00:06:00Z").with("company", "Springfield LLC"));
        sync("", steps + SINK);

        assertThat(database.jdbc().queryForList("SELECT \"id\", \"email\" FROM \"user\""))
                .singleElement()
                .satisfies(row -> assertThat(row.get("id")).isEqualTo("7"))
                .satisfies(row -> assertThat(row.get("email")).isNull());
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z");
        assertThat(status()).containsExactly("complete");
    }

    @Test
    void pageThatIsSplitBeforeTheSinkMovesTheCursorOnlyAsAWhole() throws Exception {
        sync(
                "",
                """
                - split:
                    stopOnException: true
                    expression: {simple: {expression: "${body}"}}
                    steps:
                      - bean: {ref: breaks}
                      - setBody: {expression: {method: {ref: asList}}}
                """
                        + SINK.indent(6));

        assertThat(jobs()).as("rows of page 1, and of page 2 up to the failure").hasSize(14);
        assertThat(database.cursor("people")).as("page 1 alone").isEqualTo("2024-01-01T00:08:00Z");
        assertThat(status()).containsExactly("failed");
    }

    @ParameterizedTest
    @CsvSource({
        "maps, ignore", "maps, quarantine", "maps, fail",
        "texts, ignore", "texts, quarantine", "texts, fail",
        "mixed, ignore", "mixed, quarantine", "mixed, fail",
        "text, ignore", "text, fail", "bytes, quarantine"
    })
    void recordsThatAStepLeavesAsMapsOrAsJsonTextAreSaved(String form, String drift) throws Exception {
        sync("", "- bean: {ref: leaves, method: %s}\n".formatted(form) + sink(drift));

        assertThat(status()).containsExactly("complete");
        assertThat(jobs()).hasSize(25).containsOnly("Engineer");
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maps", "texts", "mixed", "text", "bytes"})
    void newFieldsOfMapsAndOfJsonTextGetTheirColumns(String form) throws Exception {
        sync(
                "",
                """
                - bean: {ref: leaves, method: sized}
                - bean: {ref: leaves, method: %s}
                """
                                .formatted(form)
                        + sink("evolve"));

        assertThat(status()).containsExactly("complete");
        assertThat(database.jdbc().queryForList("SELECT \"shoe\" FROM \"user\"", BigDecimal.class))
                .hasSize(25)
                .containsOnly(new BigDecimal("42.50"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evolve", "ignore", "quarantine", "fail"})
    void whatAStepMakesOfARecordIsSetAsideIfItIsNoJsonObject(String drift) throws Exception {
        sync("", "- bean: {ref: leaves, method: odd}\n" + sink(drift));

        assertThat(status()).containsExactly("complete");
        assertThat(jobs()).hasSize(21);
        assertThat(database.jdbc().queryForList("SELECT record, reason FROM keyset_sync_quarantine").stream()
                        .map(row -> row.get("RECORD") + " " + row.get("REASON")))
                .containsExactlyInAnyOrder(
                        "\"no JSON\" not an object", "\"5\" not an object", "null not an object", "[1] not an object");
    }

    @Test
    void pageOfWhichAStepMadeSomethingElseFailsTheRun() throws Exception {
        sync("", "- setBody: {expression: {constant: {expression: \"no, JSON\"}}}\n" + SINK);

        assertThat(status()).containsExactly("failed");
        assertThat(database.runs("people").get(0).get("ERROR"))
                .asString()
                .startsWith("stream people: a step of the"
                        + " stream made java.lang.String of a page, which can't be read as JSON records");
        assertThat(database.cursor("people")).isNull();
    }

    @Test
    void stepThatStopsTheRunFailsItAndTheCursorStays() throws Exception {
        sync("", "- stop: {}\n");

        assertThat(status()).containsExactly("failed");
        assertThat(database.cursor("people")).isNull();
    }

    @Test
    void redeliveryOfThePageCountsItOnce() throws Exception {
        sync(
                "errorHandler: {defaultErrorHandler: {redeliveryPolicy: {maximumRedeliveries: 3, redeliveryDelay: 0}}}",
                """
                - bean: {ref: breaks}
                """ + SINK);

        assertThat(jobs()).hasSize(25);
        assertThat(database.runs("people").get(0))
                .containsEntry("UPSERTED", 25L)
                .containsEntry("UNCHANGED", 0L);
    }

    @Test
    void whatIsLoggedInARunNamesTheStreamAndNothingStaysOnTheThread() throws Exception {
        try (LoggedStreams logged = new LoggedStreams()) {
            sync(
                    "",
                    """
                    - log: {message: "a page", loggingLevel: WARN, logName: someone.else}
                    """
                            + SINK);

            assertThat(logged.streams("someone.else")).containsExactly("people", "people", "people");
            assertThat(MDC.get("stream")).isNull();
        }
    }

    @Test
    void runIsNamedAlsoInTheThreadToWhichAnAsynchronousStepHasTakenIt() throws Exception {
        try (LoggedStreams logged = new LoggedStreams()) {
            sync(
                    "",
                    """
                    - delay:
                        asyncDelayed: true
                        expression: {constant: {expression: "1"}}
                    """
                            + SINK
                            + """
                    - log:
                        loggingLevel: WARN
                        logName: someone.else
                        message: a page
                    """);

            assertThat(logged.streams("someone.else")).containsExactly("people", "people", "people");
            assertThat(jobs()).hasSize(25);
            assertThat(status()).containsExactly("complete");
        }
    }

    @Test
    void runThatCannotBeginIsNamedTooAndGivesBackWhatTheThreadHad() throws Exception {
        MDC.put("stream", "the application's own");
        try (LoggedStreams logged = new LoggedStreams()) {
            sync(new DriverManagerDataSource("jdbc:nowhere:"), "", "- to: mock:end\n");

            assertThat(logged.streams("io.keysetsync.run")).containsExactly("people");
            assertThat(MDC.get("stream")).isEqualTo("the application's own");
        } finally {
            MDC.remove("stream");
        }
    }

    private void sync(String route, String steps) throws Exception {
        sync(database.dataSource(), route, steps);
    }

    private void sync(DataSource dataSource, String route, String steps) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", dataSource);
            context.getRegistry().bind("onlyEven", new OnlyEven());
            context.getRegistry().bind("breaks", new BreaksOnce());
            context.getRegistry().bind("asList", new AsList());
            context.getRegistry().bind("leaves", new Leaves());
            RunsByHand.in(context);
            String yaml = STREAM.formatted(route, api.url(), steps.indent(6));
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("people.camel.yaml", yaml));
            context.start();
            ShippedRoutes.sync(context, "people");
        }
    }

    private static String sink(String drift) {
        return SINK.replace("stream: people\n", "stream: people\n      drift: " + drift + "\n");
    }

    private List<String> jobs() {
        return database.jdbc().queryForList("SELECT \"job\" FROM \"user\"", String.class);
    }

    private List<Object> status() {
        return database.runs("people").stream().map(run -> run.get("status")).toList();
    }

    /** Of each event that is logged meanwhile, the stream that its diagnostic context names. */
    private static final class LoggedStreams implements AutoCloseable {
        private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        private final ListAppender<ILoggingEvent> events = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                event.prepareForDeferredProcessing(); // as it is now, on this thread
                super.append(event);
            }
        };

        LoggedStreams() {
            events.start();
            root.addAppender(events);
        }

        List<String> streams(String logger) {
            return events.list.stream()
                    .filter(event -> event.getLoggerName().equals(logger))
                    .map(event -> event.getMDCPropertyMap().get("stream"))
                    .toList();
        }

        @Override
        public void close() {
            root.detachAppender(events);
        }
    }

    public static final class OnlyEven {
        public void filter(ArrayNode records) {
            for (int i = records.size() - 1; i >= 0; i--) {
                if (records.get(i).path("id").asInt() % 2 != 0) {
                    records.remove(i);
                }
            }
        }
    }

    /** Leaves a page's records in other forms than the source's. */
    public static final class Leaves {
        private static final JsonMapper JSON = new PageJson();

        public void sized(ArrayNode page) {
            page.forEach(each -> ((ObjectNode) each).put("shoe", new BigDecimal("42.50")));
        }

        public List<Object> maps(ArrayNode page) {
            return all(page, record -> JSON.convertValue(record, Map.class));
        }

        public List<Object> texts(ArrayNode page) {
            return all(page, JsonNode::toString);
        }

        public ArrayNode mixed(ArrayNode page) {
            ArrayNode mixed = page.arrayNode();
            mixed.add(page.get(0)).add(page.get(1).toString());
            page.valueStream().skip(2).forEach(each -> mixed.addPOJO(JSON.convertValue(each, Map.class)));
            return mixed;
        }

        public String text(ArrayNode page) {
            return page.toString();
        }

        public byte[] bytes(ArrayNode page) {
            return text(page).getBytes(StandardCharsets.UTF_8);
        }

        /** Of the page that has the record 3, four records are something else. */
        public List<Object> odd(ArrayNode page) {
            return all(page, record -> switch (record.path("id").asText()) {
                case "3" -> "no JSON";
                case "4" -> 5;
                case "5" -> null;
                case "6" -> "[1]";
                default -> record;
            });
        }

        private static List<@Nullable Object> all(ArrayNode page, Function<JsonNode, @Nullable Object> form) {
            List<@Nullable Object> all = new ArrayList<>();
            page.forEach(record -> all.add(form.apply(record)));
            return all;
        }
    }

    public static final class AsList {
        public List<Object> of(Object body) {
            return List.of(body);
        }
    }

    /** Fails at its fifth record of the second page; as a page-wide step, at the second page, once. */
    public static final class BreaksOnce {
        private final AtomicInteger calls = new AtomicInteger();

        public void check(Object body) {
            int call = calls.incrementAndGet();
            if (call == (body instanceof ArrayNode ? 2 : 15)) {
                throw new IllegalStateException("broken step");
            }
        }
    }
}
