package example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The application with Boot's own Quartz starter, whose scheduler is clustered: two of it share a stream's runs. */
class SpringBootClusterTest {

    private static final String CUSTOMER =
            "{\"data\":[{\"id\":7,\"name\":\"Ada\",\"updatedAt\":\"2024-02-01T00:00:00Z\"}]}";

    private static HttpServer api() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = CUSTOMER.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private static ConfigurableApplicationContext application(
            EmbeddedPostgres database, HttpServer api, String tables) {
        String url = "http://127.0.0.1:" + api.getAddress().getPort();
        return new SpringApplicationBuilder(Application.class)
                .run(
                        "--camel.main.run-controller=false",
                        "--orders.url=" + url,
                        "--orders.schedule=0 0 0 1 1 ? 2099",
                        "--customers.url=" + url,
                        "--customers.schedule=* * * * * ?",
                        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres",
                        "--spring.quartz.job-store-type=jdbc",
                        "--spring.quartz.jdbc.initialize-schema=" + tables,
                        "--spring.quartz.properties.org.quartz.scheduler.instanceId=AUTO",
                        "--spring.quartz.properties.org.quartz.scheduler.idleWaitTime=1000",
                        "--spring.quartz.properties.org.quartz.jobStore.isClustered=true",
                        "--spring.quartz.properties.org.quartz.jobStore.clusterCheckinInterval=1000",
                        "--spring.quartz.properties.org.quartz.jobStore.driverDelegateClass="
                                + "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    }

    @Test
    void applicationsWithBootsClusteredSchedulerShareTheRuns() throws Exception {
        HttpServer api = api();
        try (EmbeddedPostgres database = EmbeddedPostgres.start();
                ConfigurableApplicationContext first = application(database, api, "always");
                ConfigurableApplicationContext second = application(database, api, "never")) {
            assertThat(first.getBean(CamelContext.class)
                            .getComponent("quartz", QuartzComponent.class)
                            .getScheduler())
                    .isSameAs(first.getBean(Scheduler.class));
            JdbcTemplate jdbc = second.getBean(JdbcTemplate.class);

            await().atMost(Duration.ofSeconds(60)).until(() -> complete(jdbc) >= 4);
            first.close();
            long before = complete(jdbc);
            await().atMost(Duration.ofSeconds(60)).until(() -> complete(jdbc) >= before + 3);

            assertThat(jdbc.queryForList("SELECT DISTINCT status FROM keyset_sync_run", String.class))
                    .isSubsetOf("complete", "fenced", "running", "interrupted");
            assertThat(jdbc.queryForList(
                            "SELECT stream || ' ' || cursor_value FROM keyset_sync_cursor WHERE stream = 'customers'",
                            String.class))
                    .containsExactly("customers 2024-02-01T00:00:00Z");
            assertThat(jdbc.queryForList("SELECT \"name\" FROM \"customer\"", String.class))
                    .isEqualTo(List.of("Ada"));
            assertThat(jdbc.queryForList("SELECT DISTINCT sched_name FROM qrtz_scheduler_state", String.class))
                    .hasSize(1);
        } finally {
            api.stop(0);
        }
    }

    private static long complete(JdbcTemplate jdbc) {
        return jdbc.queryForObject(
                "SELECT COUNT(*) FROM keyset_sync_run WHERE stream = 'customers' AND status = 'complete'", Long.class);
    }
}
