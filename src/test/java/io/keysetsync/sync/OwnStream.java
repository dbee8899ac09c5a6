package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.RunEvent;
import io.keysetsync.database.Rights;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.store.StreamStates.StreamState;
import io.keysetsync.table.TableRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.jdbc.BadSqlGrammarException;

/** A stream with a schema of the test's own, through the shipped Kamelets, over records that the test writes as JSON. */
final class OwnStream implements AutoCloseable {

    private final String name;
    private final TestDatabase database;
    private final Path schema;
    private final ScenarioApi api;
    private final DefaultCamelContext context = new DefaultCamelContext();

    OwnStream(TestDatabase database, String schema, String... parameters) throws Exception {
        this("own", database, database.dataSource(), schema, parameters);
    }

    /**
     * Starts a stream.
     *
     * @param schema as the schema file has it
     * @param parameters of the sink, each as {@code name=value}
     */
    OwnStream(String name, TestDatabase database, DataSource dataSource, String schema, String... parameters)
            throws Exception {
        this(Map.of(), name, database, dataSource, schema, parameters);
    }

    /**
     * Starts a stream in a context that has settings.
     *
     * @param settings as {@code application.properties} has them
     */
    OwnStream(
            Map<String, String> settings,
            String name,
            TestDatabase database,
            DataSource dataSource,
            String schema,
            String... parameters)
            throws Exception {
        this.name = name;
        this.database = database;
        this.schema = Files.createTempFile("own", ".schema.json");
        Files.writeString(this.schema, schema);
        this.api = ScenarioApi.of(Feed.of()).start();
        settings.forEach((key, value) -> context.getPropertiesComponent().addInitialProperty(key, value));
        context.getRegistry().bind("dataSource", dataSource);
        RunsByHand.in(context);
        String sink = "kamelet:jdbc-upsert-sink?stream=" + name + "&schema=file:" + this.schema
                + List.of(parameters).stream().map(p -> "&" + p).reduce("", String::concat);
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:keyset-sync-source?retryDelay=PT0S&stream=" + name + "&url=" + api.url())
                            .to(sink);
                }
            });
            context.start();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** A run over a page of these records; gives its row. */
    Map<String, Object> sync(String... records) throws Exception {
        int before = runs().size();
        run(records);
        assertThat(runs()).as("each run has a row").hasSize(before + 1);
        return runs().get(before);
    }

    /** A run over a page of these records, which may delete old runs; gives the status of the newest run. */
    Object syncStatus(String... records) throws Exception {
        run(records);
        List<Map<String, Object>> runs = runs();
        return runs.get(runs.size() - 1).get("status");
    }

    private void run(String... records) throws Exception {
        api.change(scenario -> scenario.always(Fault.json(200, "{\"data\": [" + String.join(", ", records) + "]}")));
        ShippedRoutes.sync(context, name);
    }

    /** Puts through again what was set aside. */
    RunEvent.State retry() throws Exception {
        return QuarantineRetry.of(context, name).retry(List.of());
    }

    /** What {@code check} says of the table. */
    String table() {
        return Objects.requireNonNull(StreamRegistry.of(context).sinkOf(name)).table();
    }

    /** What the database tells of some streams. */
    Map<String, StreamState> states(String... streams) {
        return StreamRegistry.of(context).storeOf(name).currentStates(List.of(streams));
    }

    /** The rights that the database's user lacks. */
    Rights rights() {
        return Objects.requireNonNull(StreamRegistry.of(context).sinkOf(name)).rights();
    }

    /** Takes over the cursor, as {@code state keep} does. */
    void keepCursor() {
        StreamRegistry.of(context).storeOf(name).keepCursor(name);
    }

    /** The newest rows of the stream's table. */
    TableRows newest(int limit) {
        StreamRegistry registry = StreamRegistry.of(context);
        return Objects.requireNonNull(registry.sinkOf(name))
                .newest(registry.source(name).plan(), limit);
    }

    private List<Map<String, Object>> runs() {
        try {
            return database.runs(name);
        } catch (BadSqlGrammarException e) {
            return List.of(); // no run has created the table yet
        }
    }

    void stop() {
        context.stop();
    }

    @Override
    public void close() throws IOException {
        context.close();
        api.close();
        Files.delete(schema);
    }
}
