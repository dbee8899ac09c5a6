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
 * A stream in Java, for applications that have no Kamelets in mind:
 *
 * <pre>{@code
 * camel.addRoutes(SyncRoute.of("orders", "https://api.example.com/v1/orders")
 *         .with("recordsField", "result.items")
 *         .with("schedule", "0 0/5 * * * ?")
 *         .through(page -> page.process(this::withoutSecrets))
 *         .into("classpath:orders.schema.json"));
 * }</pre>
 *
 * It is the route that would be written in YAML, from {@code kamelet:keyset-sync-source} to
 * {@code kamelet:jdbc-upsert-sink}, and has their parameters, with their defaults: see {@code docs/settings.md}. The
 * database is the {@link javax.sql.DataSource} that the context has as bean {@code dataSource}. What a parameter can't take
 * is said by a {@link ConfigurationException} when the route is added to a context, or when that starts.
 *
 * <p>Three routes come of it: one with the stream's name as its id, and those of the two Kamelets, which have {@code
 * -source} and {@code -sink} after it (and {@code _} for what is neither letter, digit, dot nor hyphen). Who removes a stream from a running context stops and removes all three, the
 * source first.
 *
 * @see Streams#trigger to begin a run at once, beside the schedule
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
     *     context's
     */
    public static SyncRoute of(String stream, String url) {
        return new SyncRoute(stream, url);
    }

    /**
     * Sets a parameter of the source, or, after {@link #into}, of the sink.
     *
     * @param parameter as in {@code docs/settings.md}
     * @param value a text, number or boolean; a {@link java.time.Duration} where one is asked for; a text may have
     *     {@code {{key}}}
     */
    public SyncRoute with(String parameter, Object value) {
        (sink.isEmpty() ? source : sink).put(parameter, value);
        return this;
    }

    /**
     * Adds steps that each page takes before it is saved. The body is the page: a Jackson {@code ArrayNode} of the records
     * as the API sent them. A step that throws fails the run, and the cursor stays before the page.
     *
     * <p>Where {@link #into} is left out, these steps are the sink: the cursor moves after they have ended well, and a
     * page can come again after a crash.
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
                .map(parameter ->
                        parameter.getKey() + "=" + raw(parameter.getValue().toString()))
                .collect(Collectors.joining("&", "kamelet:" + kamelet + "/" + routeId + "?", ""));
    }

    /** A value that Camel takes as it is, whatever characters are in it. */
    private static String raw(String value) {
        return value.contains(")") ? "RAW{" + value + "}" : "RAW(" + value + ")";
    }
}
