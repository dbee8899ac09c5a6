package io.keysetsync.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Nothing is lost: random windows, crashes and outages, and a second runner that begins in the middle. */
class ParallelWindowsPropertyTest {

    private static final Instant FIRST = Instant.parse("2014-03-01T00:00:00Z");

    private static final List<Setup> SETUPS = List.of(
            new Setup("P100D", 4, "PT0S"),
            new Setup("P1Y", 2, "PT1H"),
            new Setup("P1Y", 5, "PT0S"),
            new Setup("P3Y", 3, "P40D"));

    private static ScenarioApi api;
    private static final Map<String, World> WORLDS = new HashMap<>();

    /** How the stream asks. */
    record Setup(String step, int parallel, String lookback) {

        Map<String, String> parameters() {
            return Map.of(
                    "query", "until={until}",
                    "initialCursor", "2014-01-01T00:00:00Z",
                    "step", step,
                    "parallelWindows", "" + parallel,
                    "lookback", lookback,
                    "retryDelay", "PT0S",
                    "attempts", "1");
        }
    }

    /** Two runners and their database. */
    private record World(TestDatabase database, Runner one, Runner other) {}

    /** How the API's list is ordered, and cut into pages. */
    record Api(int order, int pageSize) {

        Scenario of(Feed feed) {
            Scenario scenario = ScenarioApi.of(feed).pageSize(pageSize);
            return order == 0 ? scenario : order == 1 ? scenario.descending() : scenario.shuffled(order);
        }
    }

    /**
     * A run in which something happens.
     *
     * @param kill after which commit the process is killed; 0: never
     * @param outage at which request the API refuses, once; 0: never
     * @param second at which request another runner begins; 0: never
     * @param change whether the data changes before the run
     */
    record Disturbed(int kill, int outage, int second, boolean change) {}

    @BeforeContainer
    static void start() {
        api = ScenarioApi.of(Feed.of()).start();
    }

    @AfterContainer
    static void stop() throws Exception {
        for (World world : WORLDS.values()) {
            world.one().close();
            world.other().close();
        }
        api.close();
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF, seed = "2028")
    void theTableBecomesTheTruth(
            @ForAll("setups") Setup setup,
            @ForAll("feeds") List<Integer> days,
            @ForAll("apis") Api scenario,
            @ForAll("disturbances") List<Disturbed> disturbed)
            throws Exception {
        new Play(world(setup, false), days, scenario).play(disturbed);
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF, seed = "2029")
    void theTableBecomesTheTruthOnPostgreSql(
            @ForAll("setups") Setup setup,
            @ForAll("feeds") List<Integer> days,
            @ForAll("apis") Api scenario,
            @ForAll("disturbances") List<Disturbed> disturbed)
            throws Exception {
        new Play(world(setup, true), days, scenario).play(disturbed);
    }

    private static World world(Setup setup, boolean onPostgreSql) throws Exception {
        String key = setup + " " + onPostgreSql;
        World known = WORLDS.get(key);
        if (known == null) {
            TestDatabase database = onPostgreSql ? TestDatabase.postgreSql() : TestDatabase.h2();
            known = new World(
                    database,
                    new Runner(api, database, setup.parameters()),
                    new Runner(api, database, setup.parameters()));
            WORLDS.put(key, known);
        }
        return known;
    }

    @Provide
    Arbitrary<Setup> setups() {
        return Arbitraries.of(SETUPS);
    }

    /** The days, since the first, of the records. */
    @Provide
    Arbitrary<List<Integer>> feeds() {
        return Arbitraries.integers().between(0, 4_000).list().ofMinSize(0).ofMaxSize(40);
    }

    @Provide
    Arbitrary<Api> apis() {
        return Combinators.combine(
                        Arbitraries.of(0, 0, 0, 1, 2026), Arbitraries.integers().between(1, 5))
                .as(Api::new);
    }

    @Provide
    Arbitrary<List<Disturbed>> disturbances() {
        Arbitrary<Integer> kills = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(3, Arbitraries.integers().between(1, 40)));
        Arbitrary<Integer> requests = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, 20)));
        return Combinators.combine(kills, requests, requests, Arbitraries.of(true, false))
                .as(Disturbed::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    /** One case. */
    private static final class Play {

        private final World world;
        private final Api scenario;
        private final Feed feed = Feed.of();
        private int changes;

        Play(World world, List<Integer> days, Api scenario) {
            this.world = world;
            this.scenario = scenario;
            for (int i = 0; i < days.size(); i++) {
                feed.add(FeedRecord.user(
                        "k" + i, FIRST.plus(days.get(i), ChronoUnit.DAYS).toString()));
            }
            world.one().process().live(0);
            world.other().process().live(0);
            world.database().forgetAll();
        }

        void play(List<Disturbed> disturbed) throws Exception {
            for (Disturbed run : disturbed) {
                disturbed(run);
                checkNothingIsPassed();
            }
            world.one().process().live(0);
            api.reset(scenario.of(feed));
            world.one().run();
            Map<String, Object> last = runs().get(runs().size() - 1);
            assertThat(last).as("%s", last).containsEntry("status", "complete");
            assertThat(rows()).isEqualTo(truth());
            assertThat(runs()).extracting("status").doesNotContain("running");
            assertThat(world.database().jdbc().queryForObject("SELECT COUNT(*) FROM keyset_sync_window", Integer.class))
                    .isZero();
            assertThat(Instant.parse(mark()))
                    .isAfterOrEqualTo(feed.greatestCursor().map(Instant::parse).orElse(Instant.MIN));
        }

        private void disturbed(Disturbed run) throws Exception {
            if (run.change()) {
                change();
            }
            Scenario disturbed = scenario.of(feed);
            if (run.outage() > 0) {
                disturbed = disturbed.onRequest(run.outage(), Fault.status(403));
            }
            List<CompletableFuture<Void>> second = new ArrayList<>();
            if (run.second() > 0) {
                disturbed = disturbed.onRequest(
                        run.second(), feed -> second.add(world.other().begin()));
            }
            api.reset(disturbed);
            world.one().process().live(run.kill());
            world.other().process().live(0);
            int before = runsOrNone().size();
            world.one().run();
            for (CompletableFuture<Void> each : second) {
                each.get(60, TimeUnit.SECONDS);
            }
            List<Map<String, Object>> runs = runsOrNone();
            for (Map<String, Object> each : runs.subList(before, runs.size())) {
                Statistics.label("how the disturbed runs ended").collect(each.get("status"));
            }
            assertThat(runs).allSatisfy(each -> assertThat(sum(each, "upserted", "unchanged", "deleted", "quarantined"))
                    .as("%s", each)
                    .isEqualTo(sum(each, "records")));
        }

        private static long sum(Map<String, Object> run, String... columns) {
            return List.of(columns).stream()
                    .mapToLong(column -> ((Number) run.get(column)).longValue())
                    .sum();
        }

        /** Something happens now: the API never shows a change with an earlier time than those that it has shown. */
        private void change() {
            String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            changes++;
            feed.put(FeedRecord.user("n" + changes, now));
            feed.truth().keySet().stream()
                    .findFirst()
                    .ifPresent(id -> feed.put(FeedRecord.user(id, now).with("name", "change " + changes)));
        }

        /** Every record that is behind the mark is in the table. */
        private void checkNothingIsPassed() {
            String mark = mark();
            if (mark == null) {
                return;
            }
            Map<String, String> rows = rows();
            assertThat(feed.truth().values())
                    .filteredOn(record -> record.instant().orElseThrow().isBefore(Instant.parse(mark)))
                    .allSatisfy(record -> assertThat(rows)
                            .as("behind %s, after %s", mark, runsOrNone())
                            .containsEntry(record.id(), record.cursor().asText()));
        }

        private @Nullable String mark() {
            return runsOrNone().isEmpty() ? null : world.database().cursor(Runner.STREAM);
        }

        private List<Map<String, Object>> runs() {
            return world.database().runs(Runner.STREAM);
        }

        /** The runs; none if the table is missing, because the first process was killed too early. */
        private List<Map<String, Object>> runsOrNone() {
            boolean exists = Objects.equals(
                    1,
                    world.database()
                            .jdbc()
                            .queryForObject(
                                    "SELECT COUNT(*) FROM information_schema.tables WHERE LOWER(table_name) ="
                                            + " 'keyset_sync_run'",
                                    Integer.class));
            return exists ? runs() : List.of();
        }

        private Map<String, String> rows() {
            Map<String, String> rows = new TreeMap<>();
            world.database().jdbc().query("SELECT \"id\", \"updatedAt\" FROM \"user\"", row -> {
                rows.put(
                        row.getString(1),
                        world.database().instant(row, "updatedAt").toString());
            });
            return rows;
        }

        private Map<String, String> truth() {
            return feed.truth().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> each.getValue().cursor().asText(), (a, b) -> b, TreeMap::new));
        }
    }
}
