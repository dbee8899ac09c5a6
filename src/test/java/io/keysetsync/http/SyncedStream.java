package io.keysetsync.http;

import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.InterceptStrategy;

/**
 * One stream, written as a user writes it: a YAML route and settings, in a Camel Main, into a separate H2 database.
 * Runs begin when the test says so.
 */
final class SyncedStream implements AutoCloseable {

    /** The stream's name. */
    static final String NAME = "people";

    private static final String ROUTE =
            """
            - route:
                id: people
                from:
                  uri: kamelet:keyset-sync-source
                  parameters:
            %s
                  steps:
                    - to:
                        uri: kamelet:jdbc-upsert-sink
                        parameters:
                          stream: people
                          schema: file:routes/user.schema.json
            """;

    private final TestDatabase database = TestDatabase.h2();
    private final Main main = new Main();
    private final Path file;

    private SyncedStream(String yaml, Map<String, String> settings) {
        file = write(yaml);
        main.configure().withRoutesIncludePattern(file.toUri().toString());
        main.addInitialProperty("camel.component.kamelet.location", "file:routes,classpath:kamelets");
        RunsByHand.in(main);
        settings.forEach(main::addOverrideProperty);
        main.bind("dataSource", database.dataSource());
    }

    private static Path write(String yaml) {
        try {
            Path file = Files.createTempFile("people", ".camel.yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream with these source parameters; two tries of a request, without a wait, unless they say otherwise. */
    static SyncedStream start(Map<String, String> parameters, Map<String, String> settings) {
        return start(yaml(parameters), settings);
    }

    private static String yaml(Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(Map.of("stream", NAME, "attempts", "2", "retryDelay", "PT0S"));
        all.putAll(parameters);
        String lines = all.entrySet().stream()
                .map(parameter -> parameter.getKey() + ": " + TextNode.valueOf(parameter.getValue()))
                .collect(Collectors.joining("\n"));
        return route(lines);
    }

    /** The YAML of a stream with these parameters, one a line. */
    static String route(String parameters) {
        return ROUTE.formatted(parameters.indent(8).stripTrailing());
    }

    static SyncedStream start(Map<String, String> parameters) {
        return start(parameters, Map.of());
    }

    /** A stream whose every step is wrapped. */
    static SyncedStream start(Map<String, String> parameters, Map<String, String> settings, InterceptStrategy tracer) {
        SyncedStream stream = new SyncedStream(yaml(parameters), settings);
        stream.main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport main) {
                main.getCamelContext().getCamelContextExtension().addInterceptStrategy(tracer);
            }
        });
        return started(stream);
    }

    /** A stream called {@link #NAME}, with all of its YAML. */
    static SyncedStream start(String yaml, Map<String, String> settings) {
        return started(new SyncedStream(yaml, settings));
    }

    private static SyncedStream started(SyncedStream stream) {
        try {
            stream.main.start();
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
        return stream;
    }

    /** One run, in this thread; gives its status. */
    String run() {
        try {
            ShippedRoutes.sync(context(), NAME);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return Objects.toString(lastRun().get("STATUS"));
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    TestDatabase database() {
        return database;
    }

    /** The last run's row. */
    Map<String, Object> lastRun() {
        List<Map<String, Object>> runs = database.runs(NAME);
        return runs.get(runs.size() - 1);
    }

    /** The last run's error. */
    String error() {
        return Objects.toString(lastRun().get("ERROR"), "");
    }

    /** How many rows there are. */
    int rows() {
        return database.jdbc().queryForObject("SELECT count(*) FROM \"user\"", Integer.class);
    }

    @Override
    public void close() {
        main.stop();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
