package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.store.NodeName;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.utils.DBConnectionManager;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** An application whose own Quartz scheduler is clustered: two contexts on one job store, which Quartz's properties name. */
class ClusteredQuartzTest {

    private static final String EVERY_SECOND = "* * * * * ?";

    private final TestDatabase database = TestDatabase.postgreSql();
    private final ScenarioApi api = ScenarioApi.of(Feed.users(30)).pageSize(10).start();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(api));

    @BeforeEach
    void createTables() throws IOException {
        byte[] script =
                JobStoreTX.class.getResourceAsStream("tables_postgres.sql").readAllBytes();
        new ResourceDatabasePopulator(new ByteArrayResource(new String(script, StandardCharsets.UTF_8)
                        .replace("COMMIT;", "")
                        .getBytes(StandardCharsets.UTF_8)))
                .execute(database.dataSource());
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private DefaultCamelContext context(String schedule) throws Exception {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        opened.add(pool);
        Scheduler scheduler = scheduler();
        opened.add(scheduler::shutdown);
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName("app");
        context.getRegistry().bind("dataSource", pool);
        context.getComponent("quartz", QuartzComponent.class).setScheduler(scheduler);
        context.addRoutes(
                SyncRoute.of("people", api.url()).with("schedule", schedule).into("file:routes/user.schema.json"));
        context.start();
        opened.add(context);
        return context;
    }

    /** One of its own process, as far as Quartz can tell: those of one process share a scheduler by its name. */
    private Scheduler scheduler() throws Exception {
        Properties properties = new Properties();
        String name = UUID.randomUUID().toString();
        properties.setProperty("org.quartz.scheduler.instanceName", name);
        properties.setProperty("org.quartz.scheduler.instanceId", name);
        properties.setProperty("org.quartz.scheduler.idleWaitTime", "1000");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", "2");
        properties.setProperty("org.quartz.jobStore.class", SharedJobStore.class.getName());
        properties.setProperty(
                "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        properties.setProperty("org.quartz.jobStore.isClustered", "true");
        properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", "1000");
        properties.setProperty("org.quartz.jobStore.dataSource", name);
        properties.setProperty("org.quartz.dataSource." + name + ".provider", "hikaricp");
        properties.setProperty("org.quartz.dataSource." + name + ".driver", "org.postgresql.Driver");
        properties.setProperty("org.quartz.dataSource." + name + ".URL", database.url());
        properties.setProperty("org.quartz.dataSource." + name + ".user", database.username());
        properties.setProperty("org.quartz.dataSource." + name + ".password", database.password());
        return new StdSchedulerFactory(properties).getScheduler();
    }

    /** A job store that has one name in the database, whatever the scheduler's is. */
    @SuppressWarnings("unchecked") // an override of Quartz's own is raw
    public static final class SharedJobStore extends JobStoreTX {

        @Override
        public void setInstanceName(String scheduler) {
            super.setInstanceName("app");
        }
    }

    /** Quartz's own job store may begin two runs within milliseconds; then one of them is fenced. */
    @Test
    void contextsShareTheRuns() throws Exception {
        List<String> nodes = List.of(NodeName.of(context(EVERY_SECOND)), NodeName.of(context(EVERY_SECOND)));

        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> ended().size() >= 5);

        assertThat(ended())
                .extracting(run -> run.get("status"))
                .contains("complete")
                .isSubsetOf("complete", "fenced");
        assertThat(ended()).extracting(run -> run.get("node")).isSubsetOf(nodes);
        assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM \"user\"", Long.class))
                .isEqualTo(30);
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:29:00Z");
    }

    private List<Map<String, Object>> ended() {
        return database.runs("people").stream()
                .filter(run -> run.get("ended_at") != null)
                .toList();
    }

    @Test
    void beginsARunAgainWhoseContextIsGone() throws Exception {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        DefaultCamelContext first = context(EVERY_SECOND);
        gate.awaitArrival();
        DefaultCamelContext second = context("0 0 0 1 1 ? 2099");

        DBConnectionManager.getInstance() // it is gone for the others, as after a kill
                .shutdown(first.getComponent("quartz", QuartzComponent.class)
                        .getScheduler()
                        .getSchedulerName());

        await().atMost(Duration.ofSeconds(30))
                .until(() -> database.runs("people").stream().anyMatch(run -> "complete".equals(run.get("status"))));
        gate.open();
        assertThat(database.runs("people"))
                .extracting(run -> run.get("node"))
                .containsExactly(NodeName.of(first), NodeName.of(second));
    }
}
