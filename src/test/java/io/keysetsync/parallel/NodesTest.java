package io.keysetsync.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The nodes of a cluster share the windows of a run. */
class NodesTest {

    private static final Map<String, String> SOURCE = Map.of(
            "query", "until={until}",
            "initialCursor", "2014-01-01T00:00:00Z",
            "step", "P1Y",
            "parallelWindows", "3",
            "retryDelay", "PT0S",
            "attempts", "2");

    private final Feed feed = Feed.of();

    NodesTest() {
        for (int year = 2014; year < 2024; year++) {
            for (int month = 1; month <= 5; month++) {
                feed.add(FeedRecord.user(year + "-" + month, "%d-%02d-15T00:00:00Z".formatted(year, month)));
            }
        }
    }

    static Stream<TestDatabase> databases() {
        return Stream.of(TestDatabase.postgreSql(), TestDatabase.mariaDb());
    }

    private static List<String> nodesAtWork(TestDatabase database) {
        return database.jdbc()
                .queryForList("SELECT node FROM keyset_sync_window WHERE status = 'running'", String.class);
    }

    private static boolean isShared(TestDatabase database) {
        List<String> nodes = nodesAtWork(database);
        return nodes.size() == 3 && nodes.stream().distinct().count() == 2;
    }

    /** A run of one node, in which another one has taken windows; no request has been answered yet. */
    private final class SharedRun implements AutoCloseable {

        private final Gate gate = new Gate();
        private final ScenarioApi api =
                ScenarioApi.of(feed).pageSize(2).when(request -> true, gate).start();
        private final Runner one;
        private final Runner other;
        private final CompletableFuture<Void> run;

        SharedRun(TestDatabase database) throws Exception {
            one = new Runner(true, api, database, SOURCE);
            other = new Runner(true, api, database, SOURCE);
            run = one.begin();
            gate.awaitArrival();
            await().atMost(Duration.ofSeconds(30)).until(() -> isShared(database));
        }

        /** Answers the requests. */
        void awaitEnd(int seconds) throws Exception {
            gate.open();
            run.get(seconds, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            other.close();
            one.close();
            api.close();
        }
    }

    private void assertAllIsThere(TestDatabase database, Runner beginner) {
        List<Map<String, Object>> runs = database.runs(Runner.STREAM);
        assertThat(runs).hasSize(1);
        assertThat(runs.get(0))
                .containsEntry("status", "complete")
                .containsEntry("node", beginner.node())
                .containsEntry("records", 50L)
                .containsEntry("upserted", 50L);
        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"user\" ORDER BY 1", String.class))
                .isEqualTo(feed.truth().keySet().stream().sorted().toList());
        assertThat(database.cursor(Runner.STREAM))
                .isGreaterThanOrEqualTo(feed.greatestCursor().orElseThrow());
        assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM keyset_sync_window", Integer.class))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void nodesTakeWindowsOfOneRun(TestDatabase database) throws Exception {
        try (SharedRun shared = new SharedRun(database)) {
            assertThat(nodesAtWork(database)).contains(shared.one.node(), shared.other.node());
            shared.awaitEnd(60);

            assertAllIsThere(database, shared.one);
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aWindowThatFailsOnAnotherNodeFailsTheRun(TestDatabase database) throws Exception {
        try (SharedRun shared = new SharedRun(database)) {
            shared.other.step(page -> {
                throw new IllegalStateException("no disk");
            });
            shared.awaitEnd(60);

            Map<String, Object> failed = database.runs(Runner.STREAM).get(0);
            assertThat(failed).containsEntry("status", "failed");
            assertThat((String) failed.get("error")).contains("stream user", "no disk");
        }
    }
}
