package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.RunEvent;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.springframework.jdbc.core.JdbcTemplate;

/** A stream {@code item} of pages that a test writes itself, into a database that a test may have prepared. */
abstract class SinkContract {

    static final String STREAM = "item";

    final TestDatabase database = database();
    final JdbcTemplate jdbc = database.jdbc();

    /** The one of the stream. */
    final InterruptedDataSource dataSource = new InterruptedDataSource(database.dataSource());

    /** Parameters of the stream's Kamelets, beyond those that it needs. */
    final Map<String, String> source = new LinkedHashMap<>();

    final Map<String, String> sink = new LinkedHashMap<>();

    private @Nullable ScenarioApi api;
    private @Nullable DefaultCamelContext context;
    private String contextOf = "";

    abstract TestDatabase database();

    /** A record of the stream, with further fields as JSON. */
    static String item(int id, int minute, String more) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:%02d:00Z\"%s}"
                .formatted(id, minute, more.isEmpty() ? "" : ", " + more);
    }

    /** A run whose only page has these records; gives the run's row. */
    Map<String, Object> sync(List<String> page) throws Exception {
        return sync("", page);
    }

    Map<String, Object> sync(String split, List<String> page) throws Exception {
        DefaultCamelContext running = running(split);
        sync(api, running, page);
        return lastRun();
    }

    /** Takes up what was set aside; gives the row of the run that did so. */
    Map<String, Object> retry(String... ids) throws Exception {
        return retryThrough("", ids);
    }

    Map<String, Object> retryThrough(String split, String... ids) throws Exception {
        RunEvent.State state = QuarantineRetry.of(running(split), STREAM).retry(List.of(ids));
        Map<String, Object> run = jdbc.queryForMap("SELECT * FROM keyset_sync_run WHERE run_id = ?", state.runId());
        assertThat(run).containsEntry("status", state.status().toString());
        assertCounts(
                run,
                state.total().records(),
                state.total().upserted(),
                state.total().unchanged(),
                state.total().deleted(),
                state.total().quarantined());
        return run;
    }

    /** The context of the last run, or another one where the parameters have changed. */
    DefaultCamelContext running(String split) throws Exception {
        String parameters = split + source + sink;
        if (context == null || !parameters.equals(contextOf)) {
            close();
            api = ScenarioApi.of(Feed.of()).start();
            context = context(api, split);
            context.start();
            contextOf = parameters;
        }
        return context;
    }

    @AfterEach
    void close() throws IOException {
        if (context != null) {
            context.close();
            api.close();
            context = null;
        }
    }

    static void sync(ScenarioApi api, DefaultCamelContext context, List<String> page) throws Exception {
        api.change(scenario -> scenario.always(Fault.json(200, "{\"data\": [" + String.join(", ", page) + "]}")));
        ShippedRoutes.sync(context, STREAM);
    }

    /** A started context that has the stream; {@code split} is the name of a bean that makes parts of a page, or empty. */
    DefaultCamelContext context(ScenarioApi api, String split) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", dataSource);
        context.getRegistry().bind("thirds", new Thirds());
        context.getRegistry().bind("doubled", new Doubled());
        RunsByHand.in(context);
        String from = "kamelet:keyset-sync-source?stream=" + STREAM + "&url=" + api.url() + parameters(source);
        String schema = sink.containsKey("schema") ? "" : "&schema=classpath:item.schema.json";
        String to = "kamelet:jdbc-upsert-sink?stream=" + STREAM + schema + parameters(sink);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                if (split.isEmpty()) {
                    from(from).to(to);
                } else {
                    from(from).split(method(split)).stopOnException().to(to);
                }
            }
        });
        return context;
    }

    /** Three parts of a page. */
    public static final class Thirds {
        public List<ArrayNode> of(ArrayNode page) {
            List<ArrayNode> thirds = Stream.generate(page::arrayNode).limit(3).toList();
            for (int i = 0; i < page.size(); i++) {
                thirds.get(i * 3 / page.size()).add(page.get(i));
            }
            return thirds;
        }
    }

    /** A page with twice its amounts. */
    public static final class Doubled {
        public List<ArrayNode> of(ArrayNode page) {
            page.forEach(record -> ((ObjectNode) record)
                    .put("amount", 2 * record.path("amount").asInt()));
            return List.of(page);
        }
    }

    private static String parameters(Map<String, String> values) {
        return values.entrySet().stream()
                .map(each -> "&" + each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining());
    }

    Map<String, Object> lastRun() {
        List<Map<String, Object>> runs = database.runs(STREAM);
        return runs.get(runs.size() - 1);
    }

    List<Integer> ids() {
        return jdbc.queryForList("SELECT \"id\" FROM \"item\" ORDER BY 1", Integer.class);
    }

    @Nullable
    Object value(String column, int id) {
        return jdbc.queryForObject("SELECT \"" + column + "\" FROM \"item\" WHERE \"id\" = ?", Object.class, id);
    }

    /** Lets a column that took null take none from now on. */
    void requireValue(String column) {
        jdbc.execute("ALTER TABLE \"item\" ALTER COLUMN \"" + column + "\" SET NOT NULL");
    }

    List<String> reasons() {
        return jdbc.queryForList("SELECT reason FROM keyset_sync_quarantine ORDER BY reason", String.class);
    }

    static void assertCounts(
            Map<String, Object> run, long records, long upserted, long unchanged, long deleted, long quarantined) {
        assertThat(List.of(
                        run.get("records"),
                        run.get("upserted"),
                        run.get("unchanged"),
                        run.get("deleted"),
                        run.get("quarantined")))
                .as("records, upserted, unchanged, deleted, quarantined of %s", run)
                .isEqualTo(List.of(records, upserted, unchanged, deleted, quarantined));
    }
}
