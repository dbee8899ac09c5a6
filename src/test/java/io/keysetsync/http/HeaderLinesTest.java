package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.SyncRoute;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockWebServer;
import okhttp3.Headers;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several lines in {@code headers}, in the ways in which people write them. */
@Timeout(60)
class HeaderLinesTest {

    private final MockWebServer api = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        api.enqueue(CountedServer.page(1, 1));
        api.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private String url() {
        return "http://127.0.0.1:" + api.getPort() + "/records";
    }

    private void assertBothWereSent() throws InterruptedException {
        Headers sent = api.takeRequest(1, TimeUnit.SECONDS).getHeaders();
        assertThat(sent.get("X-First")).isEqualTo("a, b");
        assertThat(sent.get("X-Second")).isEqualTo("c=d; e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-First: a, b\nX-Second: c=d; e",
                "X-First: a, b\nX-Second: c=d; e\n",
                "  X-First: a, b  \r\n\r\n  X-Second: c=d; e\r\n",
                "X-First: a, b%0AX-Second: c=d; e",
                "X-First: a, b%0aX-Second: c=d; e",
                "RAW(X-First: a, b\nX-Second: c=d; e\n)",
                "RAW(X-First: a, b%0AX-Second: c=d; e)",
                "RAW{X-First: a, b\nX-Second: c=d; e}",
                "X-First: a, b\nX-Second: {{second}}",
                "X-First: a, b\nX-Second: #property:second",
                "{{first}}\nX-Second: #property:second",
                "#property:both"
            })
    void eachLineIsAHeader(String headers) throws Exception {

        Map<String, String> settings =
                Map.of("second", "c=d; e", "first", "X-First: a, b", "both", "X-First: a, b\nX-Second: c=d; e");
        try (SyncedStream stream = SyncedStream.start(Map.of("url", url(), "headers", headers), settings)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
            assertThat(stream.rows()).isEqualTo(1);
        }
        assertBothWereSent();
    }

    @Test
    void aBlockOfYamlIsOneHeaderALine() throws Exception {
        String yaml = SyncedStream.route(
                """
                stream: people
                headers: |
                  X-First: a, b
                  X-Second: c=d; e
                url: %s
                """
                        .formatted(url()));
        try (SyncedStream stream = SyncedStream.start(yaml, Map.of())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
        }
        assertBothWereSent();
    }

    @Test
    void javaTakesThemToo() throws Exception {
        TestDatabase database = TestDatabase.h2();
        SyncRoute route = SyncRoute.of("people", url()).with("headers", "X-First: a, b\nX-Second: c=d; e\n");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", database.dataSource());
            RunsByHand.in(context);
            context.addRoutes(route.into("file:routes/user.schema.json"));
            context.start();
            ShippedRoutes.sync(context, "people");
        }
        assertThat(database.runs("people"))
                .singleElement()
                .extracting(run -> run.get("STATUS"))
                .isEqualTo("complete");
        assertBothWereSent();
    }
}
