package io.keysetsync.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.SilentLogs;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Streams made of the shipped Kamelets in one Camel context, from one scenario API into one database. Runs are fired
 * as the schedule would, but at once and in the calling thread.
 */
final class Streams implements AutoCloseable {

    /** A page as the stream's steps got it: its records, and which request (from 1) it is the answer to. */
    record Received(Request request, List<JsonNode> records) {}

    private final ScenarioApi api;
    private final MortalDataSource dataSource;
    private final JdbcTemplate database;
    private final TestDatabase own;
    private final DefaultCamelContext context = new ManyStreamsContext();
    private final Map<String, Consumer> schedules = new HashMap<>();
    private final List<Received> received = new ArrayList<>();
    private volatile int requestsOfLastTurn;
    private final SilentLogs logs = new SilentLogs();

    /** Camel removes a route before it adds one, and for that walks through all services of all others. */
    private static final class ManyStreamsContext extends DefaultCamelContext {

        @Override
        public boolean removeRoute(String id) throws Exception {
            return getRouteStatus(id) != null && super.removeRoute(id);
        }
    }

    Streams(ScenarioApi api, TestDatabase own) throws Exception {
        this.api = api;
        this.database = own.jdbc();
        this.dataSource = new MortalDataSource(own.dataSource());
        this.own = own;
        context.getRegistry().bind("dataSource", dataSource);
        RunsByHand.in(context);
        context.getCamelContextExtension().addInterceptStrategy(this::countingRequests);
        context.start();
    }

    /** A page is the answer to the last request of the turn before the one in which it is saved. */
    private Processor countingRequests(CamelContext camel, NamedNode step, Processor target, Processor next) {
        return !step.getId().equals("next")
                ? target
                : new DelegateAsyncProcessor(target) {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback callback) {
                        requestsOfLastTurn = api.requests().size();
                        return super.process(exchange, callback);
                    }
                };
    }

    /** The database itself, as another process sees it. */
    JdbcTemplate database() {
        return database;
    }

    /** An empty database, without any table. */
    void forgetAll() {
        dataSource.live(null);
        own.forgetAll();
    }

    /**
     * One run of the stream with these source parameters.
     *
     * @param schema resource of the schema
     * @param crash where the process is killed; null: nowhere
     * @return the pages that came as far as the stream's own steps
     */
    List<Received> run(Map<String, String> source, String schema, @Nullable Crash crash) throws Exception {
        Consumer schedule = schedule(source, schema);
        received.clear();
        dataSource.live(crash);
        Exchange run = schedule.createExchange(false);
        schedule.getProcessor().process(run);
        if (run.getException() != null) {
            throw run.getException();
        }
        return List.copyOf(received);
    }

    /** Whether the last run's process was killed. */
    boolean wasKilled() {
        return dataSource.isDead();
    }

    /** The name of the stream with these parameters. */
    static String name(Map<String, String> source, String schema) {
        return "s" + Integer.toHexString((new TreeMap<>(source) + schema).hashCode());
    }

    private Consumer schedule(Map<String, String> source, String schema) throws Exception {
        String stream = name(source, schema);
        if (!schedules.containsKey(stream)) {
            context.addRoutes(route(stream, source, schema));
            schedules.put(stream, quartz(stream));
        }
        return schedules.get(stream);
    }

    private RouteBuilder route(String stream, Map<String, String> source, String schema) {
        String parameters = source.entrySet().stream()
                .map(parameter -> "&" + parameter.getKey() + "=RAW(" + parameter.getValue() + ")")
                .collect(Collectors.joining());
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=" + stream + "&url=" + api.url() + parameters)
                        .process(Streams.this::arrived)
                        .to("kamelet:jdbc-upsert-sink?stream=" + stream + "&schema=" + schema);
            }
        };
    }

    private void arrived(Exchange page) {
        JsonNode records = page.getMessage().getBody(JsonNode.class);
        received.add(new Received(
                api.requests().get(requestsOfLastTurn - 1),
                StreamSupport.stream(records.spliterator(), false).toList()));
        dataSource.arrived(received.size());
    }

    private Consumer quartz(String stream) {
        return context.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(consumer -> consumer.getEndpoint() instanceof QuartzEndpoint quartz
                        && quartz.getTriggerName().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        context.close();
        own.forgetAll();
        logs.close();
    }
}
