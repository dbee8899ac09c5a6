package io.keysetsync.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application's own {@code MeterRegistry} shows of its streams, as Prometheus prints it. */
class StreamMetricsTest {

    private static final String NEVER = "0 0 0 1 1 ? 2099";

    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @AfterEach
    void stop() {
        context.stop();
        meters.close();
    }

    @Test
    void runIsCountedToTheLetterOfItsNames() throws Exception {
        Feed feed = Feed.of(
                FeedRecord.user("1", "2024-01-01T00:00:00Z"),
                FeedRecord.user("2", "2024-01-02T00:00:00Z").with("createdAt", "no time"),
                FeedRecord.user("3", "2024-01-03T00:00:00Z"));
        context.getRegistry().bind("meters", meters);
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(2).start()) {
            start(api);
            runAgain();
            runAgain();
        }

        assertThat(value("keyset_sync_records_total{outcome=\"upserted\",stream=\"people\"}"))
                .isEqualTo(2);
        assertThat(value("keyset_sync_records_total{outcome=\"unchanged\",stream=\"people\"}"))
                .as("the record at the cursor comes again")
                .isEqualTo(1);
        assertThat(value("keyset_sync_records_total{outcome=\"deleted\",stream=\"people\"}"))
                .isZero();
        assertThat(value("keyset_sync_records_total{outcome=\"quarantined\",stream=\"people\"}"))
                .isEqualTo(1);
        assertThat(value("keyset_sync_pages_total{stream=\"people\"}")).isEqualTo(3);
        assertThat(value("keyset_sync_runs_total{status=\"complete\",stream=\"people\"}"))
                .isEqualTo(2);
        for (String status : List.of("failed", "interrupted", "rate-limited", "fenced")) {
            assertThat(value("keyset_sync_runs_total{status=\"" + status + "\",stream=\"people\"}"))
                    .isZero();
        }
        assertThat(value("keyset_sync_run_seconds_count{stream=\"people\"}")).isEqualTo(2);
        assertThat(value("keyset_sync_request_seconds_count{status=\"200\",stream=\"people\"}"))
                .isEqualTo(3);
        assertThat(value("keyset_sync_retries_total{stream=\"people\"}")).isZero();
        assertThat(value("keyset_sync_quarantined{stream=\"people\"}")).isEqualTo(1);
        double now = Instant.now().getEpochSecond();
        assertThat(value("keyset_sync_last_complete_timestamp_seconds{stream=\"people\"}"))
                .isBetween(now - 60, now + 1);
        assertThat(value("keyset_sync_lag_seconds{stream=\"people\"}"))
                .isCloseTo(now - Instant.parse("2024-01-03T00:00:00Z").getEpochSecond(), within(60.0));
    }

    @Test
    void requestsAreTimedByTheirStatusAndRetriesCounted() throws Exception {
        context.getRegistry().bind("meters", meters);
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3))
                .onRequest(1, Fault.status(503))
                .onRequest(2, Fault.closeConnection())
                .onRequest(3, Fault.truncatedBody())
                .start()) {
            context.getRegistry().bind("dataSource", database.dataSource());
            context.addRoutes(SyncRoute.of("people", api.url())
                    .with("schedule", NEVER)
                    .with("retryDelay", "PT0.01S")
                    .into("file:routes/user.schema.json"));
            context.start();
            runAgain();
        }

        assertThat(value("keyset_sync_request_seconds_count{status=\"503\",stream=\"people\"}"))
                .isEqualTo(1);
        assertThat(value("keyset_sync_request_seconds_count{status=\"error\",stream=\"people\"}"))
                .isEqualTo(1);
        assertThat(value("keyset_sync_request_seconds_count{status=\"200\",stream=\"people\"}"))
                .as("the one that was cut off had a status")
                .isEqualTo(2);
        assertThat(value("keyset_sync_retries_total{stream=\"people\"}")).isEqualTo(3);
    }

    @Test
    void failedRunIsCountedAndTheStreamWasNeverComplete() throws Exception {
        context.getRegistry().bind("meters", meters);
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(3)).always(Fault.status(401)).start()) {
            start(api);
            Streams.of(context).trigger("people");
            await().until(() -> value("keyset_sync_runs_total{status=\"failed\",stream=\"people\"}") == 1);
        }

        await().untilAsserted(() -> assertThat(value("keyset_sync_last_complete_timestamp_seconds{stream=\"people\"}"))
                .isZero());
        assertThat(value("keyset_sync_lag_seconds{stream=\"people\"}")).isNaN();
    }

    @Test
    void registryThatComesAfterTheStartIsFoundByTheNextRun() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start()) {
            start(api);
            runAgain();
            context.getRegistry().bind("meters", meters);
            runAgain();
        }

        assertThat(value("keyset_sync_runs_total{status=\"complete\",stream=\"people\"}"))
                .isEqualTo(1);
    }

    @Test
    void streamShowsBeforeItsFirstRun() throws Exception {
        context.getRegistry().bind("meters", meters);
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start()) {
            start(api);

            assertThat(value("keyset_sync_runs_total{status=\"failed\",stream=\"people\"}"))
                    .isZero();
            assertThat(value("keyset_sync_last_complete_timestamp_seconds{stream=\"people\"}"))
                    .isZero();
        }
    }

    @Test
    void metersOfAStreamGoWithItsRoute() throws Exception {
        context.getRegistry().bind("meters", meters);
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start()) {
            start(api);
            runAgain();
            assertThat(meters.scrape()).contains("stream=\"people\"");

            for (String route : List.of("people-source", "people", "people-sink")) {
                context.getRouteController().stopRoute(route);
                context.removeRoute(route);
            }
            assertThat(meters.scrape()).doesNotContain("people");

            context.addRoutes(
                    SyncRoute.of("people", api.url()).with("schedule", NEVER).into("file:routes/user.schema.json"));
            runAgain();
            assertThat(value("keyset_sync_runs_total{status=\"complete\",stream=\"people\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void cursorThatIsNoTimeHasNoLag() throws Exception {
        context.getRegistry().bind("meters", meters);
        try (ScenarioApi api =
                ScenarioApi.of(Feed.of(FeedRecord.user("1", "7").at(7))).start()) {
            context.getRegistry().bind("dataSource", database.dataSource());
            context.addRoutes(SyncRoute.of("people", api.url())
                    .with("schedule", NEVER)
                    .with("cursorType", "number")
                    .into("file:routes/user.schema.json"));
            context.start();
        }

        assertThat(meters.scrape())
                .contains("keyset_sync_quarantined{stream=\"people\"}")
                .doesNotContain("keyset_sync_lag_seconds");
    }

    @Test
    void healthOfTheStreamsJoinsThatOfTheApplication() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start()) {
            start(api);

            assertThat(HealthCheckHelper.invokeReadiness(context, "full"))
                    .extracting(result -> result.getCheck().getId() + " " + result.getState())
                    .contains("keyset-sync-database UP", "keyset-sync-streams UP");
            assertThat(HealthCheckHelper.invokeLiveness(context, "full"))
                    .extracting(result -> result.getCheck().getId() + " " + result.getState())
                    .contains("keyset-sync-scheduler UP");
        }
    }

    @Test
    void manyStreamsAreReadByAFewQueriesTogetherAndDatabaseThatIsAwayHoldsUpNoScrape() throws Exception {
        context.getRegistry().bind("meters", meters);
        BreakableDataSource breakable = new BreakableDataSource(database.dataSource());
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start()) {
            context.getRegistry().bind("dataSource", breakable);
            for (int i = 0; i < 20; i++) {
                context.addRoutes(SyncRoute.of("people" + i, api.url())
                        .with("schedule", NEVER)
                        .through(page -> page.to("mock:pages")));
            }
            context.start();
            run("people7");
            await().untilAsserted(
                            () -> assertThat(value("keyset_sync_last_complete_timestamp_seconds{stream=\"people7\"}"))
                                    .isPositive());
            double lag = value("keyset_sync_lag_seconds{stream=\"people7\"}");

            int before = breakable.connections();
            await().until(() -> {
                meters.scrape();
                return breakable.connections() > before;
            });
            assertThat(breakable.connections()).isLessThan(before + 20);

            breakable.silence();
            Instant begun = Instant.now();
            Duration most = Duration.ofSeconds(10);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                meters.scrape();
                return breakable.isWaitedFor();
            });
            assertThat(value("keyset_sync_lag_seconds{stream=\"people7\"}")).isGreaterThanOrEqualTo(lag);
            assertThat(Duration.between(begun, Instant.now())).isLessThan(most.multipliedBy(2));
        } finally {
            breakable.end();
        }
    }

    private void start(ScenarioApi api) throws Exception {
        context.getRegistry().bind("dataSource", database.dataSource());
        context.addRoutes(
                SyncRoute.of("people", api.url()).with("schedule", NEVER).into("file:routes/user.schema.json"));
        context.start();
    }

    private void runAgain() throws Exception {
        run("people");
    }

    /** Runs a stream to its end, which the listener hears of after the row was written. */
    private void run(String stream) throws Exception {
        Ends ends = new Ends(stream);
        context.getManagementStrategy().addEventNotifier(ends);
        Streams.of(context).trigger(stream);
        await().until(ends::heard);
        context.getManagementStrategy().removeEventNotifier(ends);
    }

    /** The value of a series; NaN if it has none, or isn't there. */
    private double value(String series) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
