package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.RunStatus;
import io.keysetsync.inspect.Preview;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** All steps of a page use the same plan, whatever else happens in the context. */
class OnePlanTest {

    private static final String STREAM = "item";

    /**
     * Fields that the schema lacks. A run that widens the first one has its column at the end; read from the database, it
     * is at the beginning.
     */
    private static final List<String> FIELDS =
            IntStream.rangeClosed(1, 8).mapToObj(i -> "f" + i).toList();

    private final TestDatabase database = TestDatabase.h2();
    private final JdbcTemplate jdbc = database.jdbc();
    private final InterruptedDataSource dataSource = new InterruptedDataSource(database.dataSource());
    private final ScenarioApi api = startedApi();
    private final DefaultCamelContext context = new DefaultCamelContext();

    private static ScenarioApi startedApi() {
        try {
            return ScenarioApi.of(Feed.of()).start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void bind() {
        context.getRegistry().bind("dataSource", dataSource);
        context.getRegistry().bind("parts", new Parts());
        RunsByHand.in(context);
    }

    @AfterEach
    void close() throws Exception {
        context.close();
        api.close();
    }

    @Test
    void previewBesideARunSwapsNoColumns() throws Exception {
        start(false, "&deletedField=gone");
        sync(record(1, values(1).replace("\"f1 of 1\"", "1")));
        dataSource.beforeNext("MERGE INTO \"item", () -> Preview.of(context, STREAM, null));

        sync(deletion(1), record(2, values(2)));

        assertEachValueIsInItsColumn(2);
        assertThat(jdbc.queryForObject("SELECT \"_deleted\" FROM \"item\" WHERE \"id\" = 1", Boolean.class))
                .isTrue();
    }

    @Test
    void quarantineRetryBesideARunSwapsNoColumns() throws Exception {
        start(false, "&deletedField=gone");
        sync(record(1, values(1).replace("\"f1 of 1\"", "1")));
        dataSource.beforeNext(
                "MERGE INTO \"item", () -> QuarantineRetry.of(context, STREAM).retry(List.of()));

        sync(deletion(1), record(2, values(2)));

        assertEachValueIsInItsColumn(2);
    }

    @Test
    void partsOfAPageInParallelLoseNoRecordNoFieldAndNoCount() throws Exception {
        start(true, "");
        for (int page = 0; page < 10; page++) {
            List<String> records = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int id = page * 8 + i;
                records.add(record(id, ", \"own" + id + "\": " + id + ", \"all\": " + id));
            }
            sync(records.toArray(String[]::new));

            assertThat(lastRun())
                    .containsEntry("status", RunStatus.COMPLETE.toString())
                    .containsEntry("records", 8L)
                    .containsEntry("upserted", 8L)
                    .containsEntry("unchanged", 0L)
                    .containsEntry("quarantined", 0L);
        }

        for (int id = 0; id < 80; id++) {
            Map<String, Object> row = jdbc.queryForMap("SELECT * FROM \"item\" WHERE \"id\" = ?", id);
            assertThat(((Number) row.get("all")).intValue()).isEqualTo(id);
            assertThat(((Number) row.get("own" + id)).intValue()).isEqualTo(id);
            assertThat(row.entrySet().stream()
                            .filter(column -> column.getKey().startsWith("own") && column.getValue() != null))
                    .hasSize(1);
        }
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T01:19:00Z");
    }

    @Test
    void partsInOneTransactionOfTheStreamMayEachBringANewField() throws Exception {
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(dataSource);
        context.getRegistry().bind("transactions", transactions);
        context.getRegistry().bind("required", new SpringTransactionPolicy(transactions));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(source())
                        .transacted("required")
                        .split(method("parts"))
                        .stopOnException()
                        .to(sink(""));
            }
        });
        context.start();

        sync(record(1, ", \"a\": 1"), record(2, ", \"b\": 2"), record(3, ", \"c\": 3"));

        assertThat(lastRun()).containsEntry("status", "complete").containsEntry("upserted", 3L);
        assertThat(jdbc.queryForList("SELECT \"id\", \"a\", \"b\", \"c\" FROM \"item\" ORDER BY \"id\""))
                .extracting(row -> row.get("a"), row -> row.get("b"), row -> row.get("c"))
                .containsExactly(tuple(1, null, null), tuple(null, 2, null), tuple(null, null, 3));
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T00:03:00Z");
    }

    private void assertEachValueIsInItsColumn(int id) {
        assertThat(lastRun()).containsEntry("status", "complete").containsEntry("quarantined", 0L);
        Map<String, Object> row = jdbc.queryForMap("SELECT * FROM \"item\" WHERE \"id\" = ?", id);
        for (String field : FIELDS) {
            assertThat(row).containsEntry(field, field + " of " + id);
        }
    }

    private static String values(int id) {
        StringBuilder values = new StringBuilder();
        FIELDS.forEach(field -> values.append(", \"%s\": \"%s of %d\"".formatted(field, field, id)));
        return values.toString();
    }

    private static String record(int id, String more) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T%02d:%02d:00Z\"%s}".formatted(id, id / 60, id % 60, more);
    }

    private static String deletion(int id) {
        return record(id, ", \"gone\": true");
    }

    private Map<String, Object> lastRun() {
        List<Map<String, Object>> runs = database.runs(STREAM);
        return runs.get(runs.size() - 1);
    }

    private String source() {
        return "kamelet:keyset-sync-source?stream=" + STREAM + "&url=" + api.url();
    }

    private static String sink(String parameters) {
        return "kamelet:jdbc-upsert-sink?stream=" + STREAM + "&schema=classpath:item.schema.json" + parameters;
    }

    private void start(boolean inParts, String parameters) throws Exception {
        String from = source();
        String to = sink(parameters);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                if (inParts) {
                    from(from)
                            .split(method("parts"))
                            .parallelProcessing()
                            .stopOnException()
                            .to(to);
                } else {
                    from(from).to(to);
                }
            }
        });
        context.start();
    }

    private void sync(String... records) throws Exception {
        api.change(scenario -> scenario.always(Fault.json(200, "{\"data\": [" + String.join(", ", records) + "]}")));
        ShippedRoutes.sync(context, STREAM);
    }

    /** Every record as a separate part. */
    public static final class Parts {
        public List<ArrayNode> of(ArrayNode page) {
            List<ArrayNode> parts = new ArrayList<>();
            page.forEach(record -> parts.add(page.arrayNode().add(record)));
            return parts;
        }
    }
}
