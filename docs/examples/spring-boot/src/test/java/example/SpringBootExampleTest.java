package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.keysetsync.Streams;
import io.keysetsync.run.StreamRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

@SpringBootTest(
        properties = {
            "spring.datasource.url=jdbc:h2:mem:example;DB_CLOSE_DELAY=-1",
            "camel.main.run-controller=false",
            "spring.autoconfigure.exclude=" // the application itself has no Quartz starter
                    + "org.springframework.boot.autoconfigure.quartz.QuartzAutoConfiguration",
            "orders.schedule=0 0 0 1 1 ? 2099",
            "customers.schedule=0 0 0 1 1 ? 2099"
        })
class SpringBootExampleTest {

    private static final HttpServer API = api();

    @Autowired
    private CamelContext camel;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private PlatformTransactionManager transactions;

    /** Two orders, one a page, and one customer. */
    private static HttpServer api() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            answer(
                    server,
                    "/orders",
                    query -> query.contains("scroll_param=2")
                            ? "{\"result\":{\"items\":[{\"id\":2,\"total\":0.10,\"updatedAt\":\"2024-01-02T00:00:00Z\"}]}}"
                            : "{\"result\":{\"items\":[{\"id\":1,\"total\":12345.67,\"updatedAt\":\"2024-01-01T00:00:00Z\"}]},"
                                    + "\"scroll_param\":\"2\"}");
            answer(
                    server,
                    "/customers",
                    query -> "{\"data\":[{\"id\":7,\"name\":\"Ada\",\"updatedAt\":\"2024-02-01T00:00:00Z\"}]}");
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpServer server, String path, UnaryOperator<String> answer) {
        server.createContext(path, exchange -> {
            byte[] body = answer.apply(exchange.getRequestURI().getRawQuery()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
    }

    @DynamicPropertySource
    static void urls(DynamicPropertyRegistry properties) {
        String url = "http://127.0.0.1:" + API.getAddress().getPort();
        properties.add("orders.url", () -> url + "/orders");
        properties.add("customers.url", () -> url + "/customers");
    }

    @AfterAll
    static void close() {
        API.stop(0);
    }

    @Test
    void bothStreamsReachTheApplicationsDatabase() throws Exception {
        assertThat(Streams.of(camel).names()).containsExactly("customers", "orders");
        Streams.of(camel).trigger("orders");
        Streams.of(camel).trigger("customers");

        await().ignoreExceptions().untilAsserted(() -> assertThat(jdbc.queryForList(
                        "SELECT stream || ' ' || status FROM keyset_sync_run ORDER BY stream", String.class))
                .containsExactly("customers complete", "orders complete"));
        assertThat(jdbc.queryForList("SELECT \"total\" FROM \"orders\" ORDER BY \"id\"", String.class))
                .containsExactly("12345.67", "0.10");
        assertThat(jdbc.queryForList("SELECT \"name\" FROM \"customer\"", String.class))
                .containsExactly("Ada");
        assertThat(jdbc.queryForList("SELECT cursor_value FROM keyset_sync_cursor ORDER BY stream", String.class))
                .containsExactly("2024-02-01T00:00:00Z", "2024-01-02T00:00:00Z");
    }

    @Test
    void pagesAreTransactionsOfTheApplicationsOwnManager() {
        assertThat(StreamRegistry.of(camel).store("dataSource").transactions().getTransactionManager())
                .isSameAs(transactions);
        assertThat(camel.getName()).isEqualTo("example");
        assertThat(camel.getRegistry().findByType(DataSource.class)).containsExactly(dataSource);
        assertThat(camel.getManagementStrategy().getEventNotifiers())
                .anyMatch(notifier ->
                        !notifier.isDisabled() && notifier.getClass().getName().contains("Application"));
    }
}
