package io.keysetsync.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Windows at the same time, on every database. A subclass names one. */
abstract class ParallelWindowsContract {

    /** The ends that are sent for the first windows of a year. */
    private static final String END_1 = "2015-01-01T00:00:00Z";

    private static final String END_2 = "2016-01-01T00:00:00Z";
    private static final String END_3 = "2017-01-01T00:00:00Z";
    private static final String BEFORE_END_2 = "2015-12-31T23:59:59Z";

    private final TestDatabase database = database();
    private final JdbcTemplate jdbc = database.jdbc();
    private final Map<String, String> source = new LinkedHashMap<>();
    private final Feed feed = Feed.of();
    private final List<AutoCloseable> open = new ArrayList<>();
    private ScenarioApi api;

    abstract TestDatabase database();

    @BeforeEach
    void begin() {
        source.putAll(Map.of(
                "query", "until={until}",
                "initialCursor", "2014-01-01T00:00:00Z",
                "step", "P1Y",
                "parallelWindows", "4",
                "retryDelay", "PT0S",
                "attempts", "2"));
        for (int year = 2014; year < 2024; year++) {
            for (int month = 1; month <= 5; month++) {
                feed.add(FeedRecord.user(year + "-" + month, "%d-%02d-15T00:00:00Z".formatted(year, month)));
            }
        }
        api = ScenarioApi.of(feed).pageSize(2).start();
        open.add(api);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private Runner runner(String... sink) throws Exception {
        Runner runner = new Runner(api, database, source, sink);
        open.add(runner);
        return runner;
    }

    private void change(java.util.function.UnaryOperator<Scenario> change) {
        api.change(change);
    }

    private static boolean isFor(Request request, String until) {
        return until.equals(request.parameter("until"));
    }

    private List<String> ids() {
        return jdbc.queryForList("SELECT \"id\" FROM \"user\" ORDER BY 1", String.class);
    }

    private List<String> truth() {
        return feed.truth().keySet().stream().sorted().toList();
    }

    private @Nullable String cursor() {
        return database.cursor(Runner.STREAM);
    }

    private Map<String, Object> lastRun() {
        List<Map<String, Object>> runs = database.runs(Runner.STREAM);
        return runs.get(runs.size() - 1);
    }

    private List<String> statuses() {
        return database.runs(Runner.STREAM).stream()
                .map(run -> Objects.toString(run.get("status")))
                .toList();
    }

    /** The windows in the table, each as {@code year status}. */
    private List<String> windows() {
        return jdbc.query(
                "SELECT window_from, status FROM keyset_sync_window ORDER BY place",
                (row, i) -> row.getString(1).substring(0, 4) + " " + row.getString(2));
    }

    private long complete() {
        return windows().stream().filter(each -> each.endsWith("complete")).count();
    }

    /** Since when the last window asks. */
    private static String lastBegin() {
        return LocalDate.now(ZoneOffset.UTC).getYear() - 1 + "-12-31T23:59:59Z";
    }

    private void assertAllIsThere() {
        assertThat(ids()).isEqualTo(truth());
        assertThat(cursor()).isGreaterThanOrEqualTo(feed.greatestCursor().orElseThrow());
        assertThat(windows()).isEmpty();
        assertThat(lastRun()).as("%s", lastRun()).containsEntry("status", "complete");
    }

    @Test
    void asManyWindowsAsSaidAreAskedForAtTheSameTime() throws Exception {
        List<Gate> gates = new ArrayList<>();
        for (String end : List.of(END_1, END_2, END_3, "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z")) {
            Gate gate = new Gate();
            gates.add(gate);
            change(scenario -> scenario.when(request -> isFor(request, end), gate));
        }
        CompletableFuture<Void> run = runner().begin();
        gates.subList(0, 4).forEach(Gate::awaitArrival);

        assertThat(gates.get(4).hasArrival()).isFalse();
        assertThat(windows()).containsExactly("2014 running", "2015 running", "2016 running", "2017 running");

        gates.forEach(Gate::open);
        run.get(60, TimeUnit.SECONDS);
        assertAllIsThere();
        assertThat(statuses()).containsExactly("complete");
        assertThat(List.of(
                        lastRun().get("records"),
                        lastRun().get("upserted"),
                        lastRun().get("pages")))
                .isEqualTo(List.of(50L, 50L, (long) api.requests().size()));
        assertThat(lastRun().get("node")).isNotNull();
    }

    @Test
    void theMarkMovesOnlyOverWindowsWithoutAGap() throws Exception {
        Gate gate = new Gate();
        change(scenario -> scenario.when(request -> isFor(request, END_2), gate));
        CompletableFuture<Void> run = runner().begin();
        gate.awaitArrival();
        await().until(() -> windows().size() - complete() == 1);

        assertThat(cursor()).isEqualTo("2014-12-31T23:59:59Z");
        assertThat(windows()).startsWith("2014 complete", "2015 running", "2016 complete");
        assertThat(ids()).hasSize(45);
        assertThat(lastRun()).containsEntry("status", "running").containsEntry("cursor_to", cursor());

        gate.open();
        run.get(60, TimeUnit.SECONDS);
        assertAllIsThere();
    }

    @Test
    void aFailedWindowFailsTheRunAndOthersAtHandEnd() throws Exception {
        Gate gate = new Gate();
        change(scenario -> scenario.when(request -> isFor(request, END_1), gate)
                .when(request -> isFor(request, END_3), Fault.status(403)));
        CompletableFuture<Void> run = runner().begin();
        gate.awaitArrival();
        await().until(() -> windows().contains("2016 failed"));
        gate.open();
        run.get(60, TimeUnit.SECONDS);

        assertThat(lastRun()).containsEntry("status", "failed");
        assertThat((String) lastRun().get("error"))
                .contains("stream user", "403")
                .doesNotContain("\n");
        assertThat(ids()).contains("2014-5", "2015-5").doesNotContain("2016-1");
        assertThat(cursor()).isEqualTo(BEFORE_END_2);
        assertThat(windows()).startsWith("2015 complete", "2016 failed");

        long done = complete() - 1;
        int before = api.requests().size();
        change(scenario -> scenario.when(request -> isFor(request, END_3), Fault.none()));
        runner().run();
        assertAllIsThere();
        List<String> asked = api.requests().subList(before, api.requests().size()).stream()
                .map(request -> Objects.toString(request.parameter("updated_since")))
                .filter(since -> !since.equals("null"))
                .toList();
        assertThat(asked).contains(BEFORE_END_2).doesNotContain("2014-01-01T00:00:00Z");
        assertThat((long) asked.size()).isLessThanOrEqualTo(13 - 2 - done);
    }

    @Test
    void afterAKillTheNextRunGoesOnWithTheWindowsThatAreNotComplete() throws Exception {
        Gate gate = new Gate();
        change(scenario -> scenario.when(request -> isFor(request, END_2), gate));
        Runner killed = runner();
        CompletableFuture<Void> run = killed.begin();
        gate.awaitArrival();
        await().until(() -> windows().size() - complete() == 1);
        killed.process().die();
        gate.open();
        run.get(60, TimeUnit.SECONDS);
        assertThat(windows()).contains("2015 running", "2016 complete");

        int before = api.requests().size();
        runner().run();

        assertAllIsThere();
        assertThat(statuses()).containsExactly("interrupted", "complete");
        assertThat(lastRun()).containsEntry("upserted", 5L);
        assertThat(api.requests().subList(before, api.requests().size()).stream()
                        .map(request -> request.parameter("updated_since"))
                        .filter(Objects::nonNull))
                .containsExactlyInAnyOrder("2014-12-31T23:59:59Z", lastBegin());
    }

    @Test
    void aRunnerThatWasHeldInMidPageCommitsNothingOnceAnotherHasItsWindow() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean isFirst = new AtomicBoolean(true);
        Runner sleeper = runner();
        sleeper.step(page -> {
            if (isFirst.getAndSet(false)) {
                held.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        CompletableFuture<Void> run = sleeper.begin();
        held.await();

        runner().run();
        assertAllIsThere();
        Object version = version();
        jdbc.execute("DELETE FROM \"user\"");
        go.countDown();
        run.get(60, TimeUnit.SECONDS);

        assertThat(ids()).isEmpty();
        assertThat(version()).isEqualTo(version);
        assertThat(statuses()).containsExactly("fenced", "complete");
        assertThat(database.runs(Runner.STREAM).get(0)).containsEntry("records", 0L);
    }

    private Object version() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT version FROM keyset_sync_cursor", Object.class));
    }

    @Test
    void aStopOfTheProgramEndsAllLanes() throws Exception {
        Gate gate = new Gate();
        change(scenario ->
                scenario.when(request -> request.parameter("until") != null && !isFor(request, END_1), gate));
        Runner stopped = runner();
        CompletableFuture<Void> run = stopped.begin();
        gate.awaitArrival();
        await().until(() -> windows().contains("2018 running"));
        stopped.close();
        run.get(60, TimeUnit.SECONDS);

        assertThat(lastRun()).containsEntry("status", "interrupted");
        assertThat(windows())
                .containsExactly(
                        "2014 complete",
                        "2015 interrupted",
                        "2016 interrupted",
                        "2017 interrupted",
                        "2018 interrupted");
        gate.open();
        runner().run();
        assertAllIsThere();
    }

    @Test
    void aStepThatStopsAPageFailsTheRun() throws Exception {
        Runner runner = runner();
        runner.step(page -> page.setRouteStop(true));
        CompletableFuture<Void> run = runner.begin();
        run.get(60, TimeUnit.SECONDS);

        assertThat(lastRun()).containsEntry("status", "failed");
        assertThat((String) lastRun().get("error")).contains("a step of the stream stopped the run");
        assertThat(cursor()).isNull();
        runner().run();
        assertAllIsThere();
    }

    @Test
    void aCursorSetByHandFencesTheRunAndDropsItsWindows() throws Exception {
        Gate gate = new Gate();
        change(scenario -> scenario.when(request -> isFor(request, END_2), gate));
        Runner runner = runner();
        CompletableFuture<Void> run = runner.begin();
        gate.awaitArrival();
        await().until(() -> complete() > 1);

        runner.store().changeCursor(Runner.STREAM, null);
        assertThat(windows()).isEmpty();
        gate.open();
        run.get(60, TimeUnit.SECONDS);
        assertThat(database.runs(Runner.STREAM).get(0)).containsEntry("status", "fenced");
        assertThat(cursor()).isNull();

        runner().run();
        assertAllIsThere();
        assertThat(lastRun()).containsEntry("records", 50L);
    }

    /** Leaves windows that are complete behind one that isn't. */
    private void leaveWindows() throws Exception {
        change(scenario -> scenario.when(request -> isFor(request, END_2), Fault.status(403)));
        Gate gate = new Gate();
        runner().run();
        assertThat(complete()).isPositive();
        change(scenario -> scenario.when(request -> isFor(request, END_2), Fault.none()));
        gate.open();
    }

    private List<String> firstRequests(Runner runner) throws Exception {
        int before = api.requests().size();
        runner.run();
        assertAllIsThere();
        return api.requests().subList(before, api.requests().size()).stream()
                .map(request -> request.parameter("updated_since"))
                .filter(Objects::nonNull)
                .sorted()
                .toList();
    }

    @Test
    void keepingTheCursorDropsTheWindows() throws Exception {
        leaveWindows();
        Runner runner = runner();
        runner.store().keepCursor(Runner.STREAM);

        assertThat(windows()).isEmpty();
        assertThat(firstRequests(runner)).hasSizeGreaterThan(11);
    }

    @Test
    void anotherStepDropsTheWindows() throws Exception {
        leaveWindows();
        source.put("step", "P4Y");

        assertThat(firstRequests(runner())).startsWith("2014-12-31T23:59:59Z", "2018-12-31T23:59:58Z");
    }

    @Test
    void anotherFilterDropsTheWindows() throws Exception {
        leaveWindows();
        source.put("query", "active=1&until={until}");

        assertThat(firstRequests(runner())).hasSizeGreaterThan(11);
    }

    @Test
    void aMissingTableDropsTheWindows() throws Exception {
        leaveWindows();
        jdbc.execute("DROP TABLE \"user\"");

        assertThat(firstRequests(runner())).startsWith("2014-01-01T00:00:00Z").hasSizeGreaterThan(12);
    }

    @Test
    void requestsAreThoseOfARunWithoutParallelWindows() throws Exception {
        source.put("lookback", "PT1H");
        List<String> parallel = firstRequests(runner());
        database.forgetAll();
        source.put("parallelWindows", "1");
        int before = api.requests().size();
        runner().run();

        assertThat(api.requests().subList(before, api.requests().size()).stream()
                        .map(request -> request.parameter("updated_since"))
                        .filter(Objects::nonNull)
                        .sorted())
                .isEqualTo(parallel);
    }

    @Test
    void aNewColumnThatSeveralWindowsMeetAtOnceIsAddedOnce() throws Exception {
        for (int year = 2014; year < 2018; year++) {
            feed.add(FeedRecord.user("x" + year, year + "-01-01T12:00:00Z").with("colour", "c" + year));
        }
        runner().run();

        assertAllIsThere();
        assertThat(jdbc.queryForList("SELECT \"colour\" FROM \"user\" WHERE \"id\" LIKE 'x%' ORDER BY 1", String.class))
                .containsExactly("c2014", "c2015", "c2016", "c2017");
        assertThat((String) lastRun().get("schema_changes")).contains("colour").doesNotContain("\n");
    }

    @Test
    void recordsSetAsideInAllWindowsTogetherMayFailTheRun() throws Exception {
        for (int year = 2014; year < 2018; year++) {
            feed.add(FeedRecord.user("x" + year, year + "-01-01T12:00:00Z").with("createdAt", "yesterday"));
        }
        runner("maxQuarantined=2").run();
        assertThat(lastRun()).containsEntry("status", "failed");
        assertThat((String) lastRun().get("error")).contains("maxQuarantined is 2");
        assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM keyset_sync_quarantine", Integer.class))
                .isEqualTo(2);

        runner("maxQuarantined=4").run();
        assertThat(lastRun()).containsEntry("status", "complete");
        assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM keyset_sync_quarantine", Integer.class))
                .isEqualTo(4);
    }

    @Test
    void softDeletionsAreRightInAnyOrderOfTheWindows() throws Exception {
        Gate gate = new Gate();
        change(scenario -> scenario.when(request -> isFor(request, END_1), gate));
        feed.add(FeedRecord.user("2014-1", "2015-06-01T00:00:00Z").with("gone", "yes"));
        CompletableFuture<Void> run = runner("deletedField=gone=yes").begin();
        gate.awaitArrival();
        await().until(() -> windows().contains("2015 complete"));
        gate.open();
        run.get(60, TimeUnit.SECONDS);

        assertAllIsThere();
        assertThat(jdbc.queryForList("SELECT \"id\" FROM \"user\" WHERE \"_deleted\"", String.class))
                .containsExactly("2014-1");
    }

    @Test
    void hardDeletionsAndReanchoringAreRefusedAtStart() {
        assertThatThrownBy(() -> runner("deletedField=gone", "deleteMode=hard"))
                .hasStackTraceContaining("deleteMode 'hard' can't be combined with parallelWindows 4");
        source.put("reanchor", "true");
        assertThatThrownBy(this::runner).hasStackTraceContaining("parallelWindows '4' can't be combined with reanchor");
    }

    @Test
    void aQuietStreamAsksSinceItsCursor() throws Exception {
        Runner runner = runner();
        runner.run();
        Object version = version();

        assertThat(firstRequests(runner)).containsExactly(lastBegin());
        assertThat(version()).isEqualTo(version);
    }
}
