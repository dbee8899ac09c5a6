package io.keysetsync.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class ObservationTest {

    private static final String NEVER = "0 0 0 1 1 ? 2099";

    private final TestDatabase database = TestDatabase.h2();
    private final Breakable dataSource = new Breakable(database);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private ScenarioApi api;
    private Observation observation;

    @BeforeEach
    void start() throws Exception {
        api = ScenarioApi.of(Feed.users(30)).pageSize(10).start();
        context.getRegistry().bind("dataSource", dataSource);
        LateRoutePolicy.prepare(context);
        context.addRoutes(
                SyncRoute.of("people", api.url()).with("schedule", NEVER).into("file:routes/user.schema.json"));
        context.start();
        observation = Observation.of(context);
    }

    @AfterEach
    void stop() {
        dataSource.silence.countDown();
        observation.close();
        context.stop();
        api.close();
    }

    @Test
    void metricsOfCamelAndOfTheJvmAreInTheScrape() throws Exception {
        Streams.of(context).trigger("people");
        await().ignoreExceptions()
                .until(() -> "complete".equals(database.runs("people").get(0).get("status")));

        assertThat(observation.prometheus().lines())
                .anyMatch(line -> line.matches("camel_exchanges_succeeded_total\\{.*routeId=\"people\".*} 3.0"))
                .anyMatch(line -> line.matches("camel_routes_running_routes\\{.*} 1.0"))
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                .anyMatch(line -> line.startsWith("process_uptime_seconds "));
    }

    @Test
    void programThatWorksIsLiveAndReady() throws Exception {
        JsonNode all = new ObjectMapper().readTree(observation.all().json());

        assertThat(observation.all().isUp()).isTrue();
        assertThat(all.get("status").asText()).isEqualTo("UP");
        assertThat(all.get("checks").findValuesAsText("name"))
                .containsExactlyInAnyOrder(
                        "context", "keyset-sync-scheduler", "keyset-sync-database", "keyset-sync-streams");
        assertThat(new ObjectMapper()
                        .readTree(observation.live().json())
                        .get("checks")
                        .findValuesAsText("name"))
                .containsExactlyInAnyOrder("context", "keyset-sync-scheduler");
        assertThat(observation.live().isUp()).isTrue();
        assertThat(observation.ready().isUp()).isTrue();
    }

    @Test
    void programWhoseDatabaseIsAwayIsLiveButNotReady() {
        dataSource.away = true;

        Health ready = observation.ready();

        assertThat(ready.isUp()).isFalse();
        assertThat(ready.json())
                .contains("\"name\":\"keyset-sync-database\",\"status\":\"DOWN\"")
                .contains("no connection to the database (SQLSTATE 08001); check that it is up")
                .doesNotContain("secret");
        assertThat(observation.all().isUp()).isFalse();
        assertThat(observation.live().isUp()).isTrue();
    }

    @Test
    void databaseThatIsSilentIsWaitedForNoLongerThanAProbeWaits() {
        dataSource.silent = true;
        long begun = System.nanoTime();

        Health ready = observation.ready();

        assertThat(ready.isUp()).isFalse();
        assertThat(ready.json()).contains("the database has not answered within 2 s");
        assertThat(observation.ready().isUp()).isFalse();
        assertThat(System.nanoTime() - begun).as("both together").isBetween(1_900_000_000L, 10_000_000_000L);
    }

    @Test
    void streamWhoseRouteIsStoppedIsNotReady() throws Exception {
        context.getRouteController().stopRoute("people-source");

        assertThat(observation.ready().json()).contains("\"message\":\"not started: people\"");
        assertThat(observation.ready().isUp()).isFalse();
        context.getRouteController().startRoute("people-source");
        assertThat(observation.ready().isUp()).isTrue();
    }

    @Test
    void schedulerThatIsShutDownIsNotLiveAndOneOnStandbyIsNotReady() throws Exception {
        Scheduler scheduler =
                context.getComponent("quartz", QuartzComponent.class).getScheduler();

        scheduler.standby();
        assertThat(observation.live().isUp()).isTrue();
        assertThat(observation.ready().json()).contains("the scheduler of the streams is not started");

        scheduler.shutdown();
        assertThat(observation.live().isUp()).isFalse();
        assertThat(observation.live().json()).contains("the scheduler of the streams has been shut down");
    }

    /** A database that can go away and become silent. */
    private static final class Breakable extends DelegatingDataSource {
        private volatile boolean away;
        private volatile boolean silent;
        private final CountDownLatch silence = new CountDownLatch(1);

        Breakable(TestDatabase database) {
            super(database.dataSource());
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (silent) {
                try {
                    silence.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (away) {
                throw new SQLTransientConnectionException("refused by host secret", "08001");
            }
            return super.getConnection();
        }
    }
}
