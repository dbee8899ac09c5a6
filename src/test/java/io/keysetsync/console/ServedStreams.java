package io.keysetsync.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Streams over an API of the test's, whose console is open. A schedule that never comes leaves the runs to the test, and the
 * scheduler works as in a program.
 */
final class ServedStreams implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();

    private static final String NEVER = "0+0+0+1+1+?+2099";

    private final TestDatabase database = TestDatabase.h2();
    private final ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Switch dataSource = new Switch(database.dataSource());
    private final Console console = new Console(false);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A database that can go away. */
    private static final class Switch extends DelegatingDataSource {

        private volatile boolean off;

        Switch(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (off) {
                throw new SQLException("Connection refused", "08001");
            }
            return super.getConnection();
        }
    }

    /**
     * Starts streams and their console.
     *
     * @param folder in which the token is kept
     */
    ServedStreams(Path folder, Map<String, String> settings, String... streams) throws Exception {
        context.getPropertiesComponent().addInitialProperty("sync.console.port", "0");
        context.getPropertiesComponent().addInitialProperty("sync.database.url", "jdbc:h2:file:" + folder + "/db");
        settings.forEach((key, value) -> context.getPropertiesComponent().addOverrideProperty(key, value));
        context.getRegistry().bind("dataSource", dataSource);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String stream : streams) {
                    from("kamelet:keyset-sync-source?stream=RAW(" + stream + ")&schedule=" + NEVER + "&url="
                                    + api.url())
                            .to("kamelet:jdbc-upsert-sink?stream=RAW(" + stream
                                    + ")&schema=file:routes/user.schema.json");
                }
            }
        });
        try {
            console.open(context);
            context.start();
            console.serve(context);
            Awaitility.await().until(() -> !isStarting());
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    private boolean isStarting() throws Exception {
        try {
            return get("/observe/health/nothing").statusCode() == 503;
        } catch (IOException e) {
            return true; // between the port's two owners
        }
    }

    TestDatabase database() {
        return database;
    }

    ScenarioApi api() {
        return api;
    }

    DefaultCamelContext context() {
        return context;
    }

    Console console() {
        return console;
    }

    void databaseIsAway(boolean away) {
        dataSource.off = away;
    }

    /** One run of a stream in this thread. */
    void sync(String stream) throws Exception {
        ShippedRoutes.sync(context, stream);
    }

    private String link() {
        return console.link().orElseThrow();
    }

    String address() {
        return link().replaceFirst("/\\?.*|/$", "");
    }

    int port() {
        return URI.create(address()).getPort();
    }

    String token() {
        return link().replaceFirst("[^=]*=?", "");
    }

    /** A request that is allowed whatever it asks for. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + token())
                .header("X-Requested-With", "keyset-sync");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    /** The JSON of an answer that must be 200. */
    JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Sends a request as it stands, and gives the answer's first line. */
    String raw(String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    @Override
    public void close() throws IOException {
        console.leave();
        context.close();
        console.close();
        api.close();
    }
}
