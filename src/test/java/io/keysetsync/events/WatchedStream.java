package io.keysetsync.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** The stream {@code user} in an application's context, with routes that are told of its events. */
final class WatchedStream implements AutoCloseable {

    final TestDatabase database;
    final ScenarioApi api;
    final DefaultCamelContext context = new DefaultCamelContext();

    WatchedStream(int users) throws Exception {
        this(TestDatabase.h2(), ScenarioApi.of(Feed.users(users)).pageSize(10));
    }

    WatchedStream(TestDatabase database, Scenario scenario) throws Exception {
        this(database, database.dataSource(), scenario);
    }

    /** A stream that reaches its database over a data source of the test's own. */
    WatchedStream(TestDatabase database, DataSource dataSource, Scenario scenario) throws Exception {
        this.database = database;
        api = scenario.start();
        context.getRegistry().bind("dataSource", dataSource);
        RunsByHand.in(context);
        add(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=user&retryDelay=PT0S&url=" + api.url())
                        .to("kamelet:jdbc-upsert-sink?stream=user&schema=file:routes/user.schema.json");
            }
        });
    }

    private void add(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
    }

    /**
     * Adds a route that handles events.
     *
     * @param parameters of the Kamelet, as in a URI; a route's name may precede them
     */
    WatchedStream handler(String id, String parameters, Processor steps) throws Exception {
        add(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:sync-events-source" + parameters).routeId(id).process(steps);
            }
        });
        return this;
    }

    /** Adds a route that keeps the events. */
    List<JsonNode> handled(String id, String parameters) throws Exception {
        List<JsonNode> events = new CopyOnWriteArrayList<>();
        handler(id, parameters, exchange -> events.add(exchange.getMessage().getBody(JsonNode.class)));
        return events;
    }

    WatchedStream start() {
        context.start();
        return this;
    }

    /** Runs the stream in this thread. */
    void sync() throws Exception {
        ShippedRoutes.sync(context, "user");
    }

    void sync(UnaryOperator<Scenario> change) throws Exception {
        api.change(change);
        sync();
    }

    void assertSynced(int rows, String cursor) {
        assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM \"user\"", Integer.class))
                .isEqualTo(rows);
        assertThat(database.cursor("user")).isEqualTo(cursor);
    }

    Map<String, Object> lastRun() {
        List<Map<String, Object>> runs = database.runs("user");
        return runs.get(runs.size() - 1);
    }

    static void awaitEvents(List<JsonNode> events, int count) {
        await().untilAsserted(() -> assertThat(events).hasSize(count));
    }

    @Override
    public void close() {
        context.stop();
        api.close();
    }
}
