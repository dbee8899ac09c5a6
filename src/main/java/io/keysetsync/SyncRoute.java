package io.keysetsync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;

/**
 * A stream defined in Java, for applications that write no routes in YAML:
 *
 * <pre>{@code
 * camel.addRoutes(SyncRoute.of("orders", "https://api.example.com/v1/orders")
 *         .with("recordsField", "result.items")
 *         .with("schedule", "0 0/5 * * * ?")
 *         .through(page -> page.process(this::withoutSecrets))
 *         .into("classpath:orders.schema.json"));
 * }</pre>
 *
 * The route is the same as one written in YAML, from {@code kamelet:keyset-sync-source} to
 * {@code kamelet:jdbc-upsert-sink}, and takes their parameters, with their defaults: see {@code docs/settings.md}. The
 * database is the {@link javax.sql.DataSource} that the context has as bean {@code dataSource}. A value that a
 * parameter can't take causes a {@link ConfigurationException} when the route is added to a context, or when the
 * context starts.
 *
 * <p>A stream has three routes: one whose id is the stream's name, and those of the two Kamelets, whose ids end with
 * {@code -source} and {@code -sink} (and have {@code _} for any character other than a letter, digit, dot, underscore
 * or hyphen). To remove a stream from a running context, stop and remove all three, the source first.
 *
 * @see Streams#trigger to begin a run at once, in addition to the schedule
 * @see RunEvent what a stream's runs report
 */
public final class SyncRoute extends RouteBuilder {

    private final String stream;
    private final Map<String, Object> source = new LinkedHashMap<>();
    private final Map<String, Object> sink = new LinkedHashMap<>();
    private final List<Consumer<RouteDefinition>> steps = new ArrayList<>();

    private SyncRoute(String stream, String url) {
        this.stream = stream;
        source.put("stream", stream);
        source.put("url", url);
    }

    /**
     * A stream that reads an API every minute, unless the parameter {@code schedule} says otherwise.
     *
     * @param stream its name, of 1 to 200 characters, without {@code @ % & ? \} and without blanks at its ends: key of its cursor, its runs and its log lines
     * @param url the API's endpoint, http or https, without a query; {@code {{key}}} stands for a property of the
     *     context
     */
    public static SyncRoute of(String stream, String url) {
        return new SyncRoute(stream, url);
    }

    /**
     * Sets a parameter of the source, or, after {@link #into}, of the sink.
     *
     * @param parameter as in {@code docs/settings.md}
     * @param value a text, number or boolean, or a {@link java.time.Duration} if the parameter is one; a text may
     *     contain {@code {{key}}}
     */
    public SyncRoute with(String parameter, Object value) {
        (sink.isEmpty() ? source : sink).put(parameter, value);
        return this;
    }

    /**
     * Adds steps that each page passes through before the sink saves the page. The body is the page: a Jackson
     * {@code ArrayNode} of the records as the API sent them. A step that throws fails the run, and the cursor stays
     * before the page.
     *
     * <p>If {@link #into} is left out, these steps are the sink: the cursor moves after the steps have ended without an
     * exception, and a page can arrive again after a crash.
     */
    public SyncRoute through(Consumer<RouteDefinition> more) {
        steps.add(more);
        return this;
    }

    /**
     * Upserts each page into a table, in one transaction with the cursor.
     *
     * @param schema resource of the table's schema, such as {@code classpath:orders.schema.json} or
     *     {@code file:/etc/app/orders.schema.json}; see {@code docs/types.md}
     */
    public SyncRoute into(String schema) {
        sink.put("stream", stream);
        sink.put("schema", schema);
        return this;
    }

    @Override
    public void configure() {
        RouteDefinition route =
                from(uri("keyset-sync-source", "source", source)).routeId(stream);
        steps.forEach(more -> more.accept(route));
        if (!sink.isEmpty()) {
            route.to(uri("jdbc-upsert-sink", "sink", sink));
        }
    }

    private String uri(String kamelet, String part, Map<String, Object> parameters) {
        String routeId = stream.replaceAll("[^\\p{Alnum}._-]", "_") + "-" + part;
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + raw(value(parameter.getKey(), parameter.getValue().toString())))
                .collect(Collectors.joining("&", "kamelet:" + kamelet + "/" + routeId + "?", ""));
    }

    /** The value in one line, as Camel makes a URI's lines one; a line break between headers is written {@code %0A}. */
    private static String value(String parameter, String value) {
        return parameter.equals("headers") ? value.strip().replaceAll("\\R", "%0A") : value;
    }

    /** Quotes a value so that Camel takes it literally, including special characters. */
    private static String raw(String value) {
        return value.contains(")") ? "RAW{" + value + "}" : "RAW(" + value + ")";
    }
}
