package io.keysetsync.paging;

import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * One stream of the shipped Kamelets, from a real HTTP server whose answers each test writes, into an empty H2. The
 * records of a list are numbered: record 7 has the id 007 and was changed 7 seconds after {@link #BEGIN}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class PitfallExample {

    static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

    private final MockWebServer server = new MockWebServer();
    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> parameters = new TreeMap<>();
    private Function<Asked, MockResponse> api = request -> json("{}");
    private Processor step = page -> {};
    private String schema = "";
    private @Nullable String stream;
    private int streams;

    /**
     * A request as the server gets it.
     *
     * @param target path and query, still encoded
     * @param query decoded as a form is, so that {@code +} is a blank
     */
    record Asked(String method, String target, Map<String, String> query, Headers headers, String body) {

        static Asked of(RecordedRequest request) {
            Map<String, String> query = new LinkedHashMap<>();
            String target = request.getTarget();
            for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (target.indexOf('?') >= 0 && parts.length == 2) {
                    query.put(decoded(parts[0]), decoded(parts[1]));
                }
            }
            String body = request.getBody() == null ? "" : request.getBody().utf8();
            return new Asked(request.getMethod(), target, query, request.getHeaders(), body);
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        String parameter(String name) {
            return query.getOrDefault(name, "");
        }

        int number(String name, int absent) {
            return query.containsKey(name) ? Integer.parseInt(query.get(name)) : absent;
        }
    }

    @BeforeAll
    final void start() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                server.takeRequest(0, TimeUnit.SECONDS); // the server's own record, which would only grow
                Asked one = Asked.of(request);
                asked.add(one);
                return api.apply(one);
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
        context.getRegistry().bind("dataSource", database.dataSource());
        RunsByHand.in(context);
        context.start();
    }

    @BeforeEach
    final void begin() {
        database.forgetAll();
        stream = null;
        schema = "file:routes/user.schema.json";
        step = page -> {};
        parameters.clear();
        parameters.putAll(Map.of("attempts", "2", "retryDelay", "PT0S"));
    }

    @AfterAll
    final void stop() {
        context.stop();
        server.close();
    }

    final String origin() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Sets source parameters, each as {@code name=value}. */
    final void with(String... some) {
        for (String one : some) {
            String[] parts = one.split("=", 2);
            parameters.put(parts[0], parts[1]);
        }
    }

    /** A table whose cursors are kept as text, whatever they are. */
    final void withCursorsOfAnyKind() {
        schema = "classpath:thing.schema.json";
    }

    /** A step between source and sink. */
    final void withStep(Processor between) {
        step = between;
    }

    /** One run over an API that answers so; gives its status. The stream's parameters are those of the first run. */
    final String sync(Function<Asked, MockResponse> answers) {
        asked.clear();
        api = answers;
        try {
            if (stream == null) {
                stream = "s" + ++streams;
                addRoute(stream);
            }
            ShippedRoutes.sync(context, stream);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return Objects.toString(run().get("STATUS"));
    }

    private void addRoute(String name) throws Exception {
        String source = parameters.entrySet().stream()
                .map(one -> "&" + one.getKey() + "=RAW(" + one.getValue() + ")")
                .collect(Collectors.joining());
        Processor between = step;
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=" + name + "&url=" + origin() + "/v1/users" + source)
                        .process(between)
                        .to("kamelet:jdbc-upsert-sink?stream=" + name + "&schema=" + schema);
            }
        });
    }

    /** The last run's row. */
    final Map<String, Object> run() {
        List<Map<String, Object>> runs = database.runs(Objects.requireNonNull(stream));
        return runs.get(runs.size() - 1);
    }

    final String error() {
        return Objects.toString(run().get("ERROR"), "");
    }

    /** The last run's requests. */
    final List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** A query parameter of the last run's requests; empty if a request lacks it. */
    final List<String> sent(String parameter) {
        return asked.stream().map(request -> request.parameter(parameter)).toList();
    }

    /** The table's ids. */
    final List<String> ids() {
        String table = schema.contains("user") ? "user" : "thing";
        return database.jdbc().queryForList("SELECT \"id\" FROM \"" + table + "\" ORDER BY \"id\"", String.class);
    }

    /** The stored cursor; null if there is none. */
    @Nullable
    final String cursor() {
        List<String> cursors =
                database.jdbc().queryForList("SELECT cursor_value FROM keyset_sync_cursor", String.class);
        return cursors.isEmpty() ? null : cursors.get(0);
    }

    static String id(int number) {
        return "%03d".formatted(number);
    }

    /** The ids of the records with these numbers. */
    static List<String> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(PitfallExample::id).toList();
    }

    /** When a record was changed. */
    static String time(int number) {
        return BEGIN.plusSeconds(number).toString();
    }

    static String user(String id, String cursor) {
        return "{\"id\":\"%s\",\"updatedAt\":\"%s\"}".formatted(id, cursor);
    }

    /** The records with these numbers, as a JSON array. */
    static String users(int from, int to) {
        return array(IntStream.rangeClosed(from, to)
                .mapToObj(i -> user(id(i), time(i)))
                .toList());
    }

    static String array(List<String> records) {
        return "[" + String.join(",", records) + "]";
    }

    /** A part of a list, from an index on. */
    static List<String> part(List<String> all, int from, int size) {
        return new ArrayList<>(all.subList(Math.min(from, all.size()), Math.min(from + size, all.size())));
    }

    /** A page without anything that leads to a next one. */
    static MockResponse data(String records) {
        return json("{\"data\":" + records + "}");
    }

    /** A page with a further member, such as {@code "next":"…"}. */
    static MockResponse data(String records, String member) {
        return json("{\"data\":" + records + "," + member + "}");
    }

    static MockResponse json(String body) {
        return answer(200, body);
    }

    /**
     * An answer.
     *
     * @param headers name, value, name, value
     */
    static MockResponse answer(int status, String body, String... headers) {
        MockResponse.Builder response = new MockResponse.Builder().code(status).body(body);
        response.setHeader("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            response.addHeader(headers[i], headers[i + 1]);
        }
        return response.build();
    }
}
