package io.keysetsync.parallel;

import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.store.NodeName;
import io.keysetsync.store.SyncStore;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.SilentLogs;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A process that runs the stream {@code user}, whose windows are asked for at the same time. */
final class Runner implements AutoCloseable {

    static final String STREAM = "user";

    private final SilentLogs logs = new SilentLogs();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final MortalProcess process;
    private volatile Consumer<Exchange> step = page -> {};

    /**
     * Starts a process.
     *
     * @param source parameters of the source
     * @param sink parameters of the sink, each as {@code name=value}
     */
    Runner(ScenarioApi api, TestDatabase database, Map<String, String> source, String... sink) throws Exception {
        this(false, api, database, source, sink);
    }

    /** Starts a process that is a node of a cluster, or none. */
    Runner(boolean isNode, ScenarioApi api, TestDatabase database, Map<String, String> source, String... sink)
            throws Exception {
        context.getPropertiesComponent().addInitialProperty("sync.cluster", "" + isNode);
        process = new MortalProcess(database.dataSource());
        context.getRegistry().bind("dataSource", process);
        RunsByHand.in(context);
        String from = "kamelet:keyset-sync-source?stream=" + STREAM + "&url=" + api.url()
                + source.entrySet().stream()
                        .map(each -> "&" + each.getKey() + "=RAW(" + each.getValue() + ")")
                        .collect(Collectors.joining());
        String schema = List.of(sink).stream().anyMatch(each -> each.startsWith("schema="))
                ? ""
                : "&schema=file:routes/user.schema.json";
        String to = "kamelet:jdbc-upsert-sink?stream=" + STREAM + schema
                + List.of(sink).stream().map(each -> "&" + each).collect(Collectors.joining());
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(from).process(page -> step.accept(page)).to(to);
                }
            });
            context.start();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** The process, to be killed. */
    MortalProcess process() {
        return process;
    }

    /** Lets every page pass a step of the stream. */
    void step(Consumer<Exchange> everyPage) {
        step = everyPage;
    }

    /** A run, from its trigger to its end. */
    void run() throws Exception {
        ShippedRoutes.sync(context, STREAM);
    }

    /** A run in another thread. */
    CompletableFuture<Void> begin() {
        return CompletableFuture.runAsync(() -> {
            try {
                run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The name that the process has in the tables. */
    String node() {
        return NodeName.of(context);
    }

    SyncStore store() {
        return StreamRegistry.of(context).storeOf(STREAM);
    }

    @Override
    public void close() throws IOException {
        context.close();
        logs.close();
    }
}
