package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes share the windows of a first sync, and one of them is suspended or killed in the middle of it. */
class ClusterWindowsIT {

    private static final YearMonth BEGIN = YearMonth.of(2014, 1);
    private static final int MONTHS = 96;
    private static final int LANES = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Feed feed = Feed.of();
    private final List<Gate> gates = Stream.generate(Gate::new).limit(MONTHS).toList();
    private final ScenarioApi api;
    private final List<Program> programs = new ArrayList<>();

    @TempDir
    private Path temp;

    ClusterWindowsIT() {
        for (int month = 0; month < MONTHS; month++) {
            for (int day = 2; day <= 4; day++) {
                feed.add(FeedRecord.user(
                        month + "-" + day, BEGIN.plusMonths(month).atDay(day) + "T00:00:00Z"));
            }
        }
        api = ScenarioApi.of(feed).pageSize(2).start();
        for (int month = 0; month < MONTHS; month++) {
            String since = BEGIN.plusMonths(month).toString();
            Gate gate = gates.get(month);
            api.change(scenario -> scenario.when(request -> isOf(request, since), gate));
        }
    }

    private static boolean isOf(Request request, String month) {
        return request.parameter("scroll_param") == null
                && Objects.requireNonNull(request.parameter("updated_since")).startsWith(month);
    }

    @AfterEach
    void close() {
        programs.forEach(Program::close);
        api.close();
    }

    private Program node(TestDatabase database, String name) {
        Program node = Program.node(temp.resolve(name), database).with("sync.console", false).stream(
                        "people", "people", api.url(), "0 0 0 1 1 ? 2099")
                .edit(
                        "routes/people.camel.yaml",
                        yaml -> yaml.replaceFirst(
                                "( +)initialCursor: .*\n",
                                "$1initialCursor: \"" + BEGIN + "-01T00:00:00Z\"\n$1query: until={until}\n"
                                        + "$1step: P1M\n$1parallelWindows: " + LANES + "\n"));
        programs.add(node);
        return node;
    }

    /** Two nodes, of which the second has joined when the first already had all lanes. */
    private final class Nodes {

        private final TestDatabase database;
        private final Running beginner;
        private final Running joined;

        Nodes(TestDatabase database) {
            this.database = database;
            Program one = node(database, "one");
            Program other = node(database, "other");
            beginner = one.start("run");
            gates.get(0).awaitArrival();
            await("all lanes").atMost(PATIENCE).until(() -> atWork(beginner) == LANES);
            joined = other.start("run");
            joined.awaitStderr("cluster: ");
        }

        /** How many windows a node has. */
        private long atWork(Running node) {
            return database
                    .jdbc()
                    .queryForList("SELECT node FROM keyset_sync_window WHERE status = 'running'", String.class)
                    .stream()
                    .filter(node::isNode)
                    .count();
        }

        /** Answers for one window after the other, until each node has its share. */
        void awaitShares() {
            int[] next = new int[1];
            await("each node has its share")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        if (atWork(beginner) == LANES / 2 && atWork(joined) == LANES / 2) {
                            return true;
                        }
                        gates.get(next[0]++).open();
                        return false;
                    });
        }

        /** Answers all requests, and waits for the last run's end. */
        void awaitComplete() {
            gates.forEach(Gate::open);
            await("a complete run").atMost(PATIENCE).until(() -> "complete"
                    .equals(runs().get(runs().size() - 1).get("status")));
            assertThat(database.jdbc().queryForList("SELECT id FROM people ORDER BY id", String.class))
                    .isEqualTo(feed.truth().keySet().stream().sorted().toList());
            assertThat(database.cursor("people"))
                    .isGreaterThanOrEqualTo(feed.greatestCursor().orElseThrow());
            assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM keyset_sync_window", Long.class))
                    .isZero();
        }

        List<Map<String, Object>> runs() {
            return database.runs("people");
        }
    }

    /** Of how many months a first page was asked for more than once. */
    private int repeated() {
        List<String> begun = api.requests().stream()
                .filter(request -> request.parameter("scroll_param") == null)
                .map(request -> Objects.requireNonNull(request.parameter("until")))
                .toList();
        Set<String> several = new HashSet<>(begun);
        several.removeIf(until -> Collections.frequency(begun, until) == 1);
        return several.size();
    }

    @Test
    void aNodeThatContinuesCommitsNothingIntoWindowsThatAnotherHasTakenOver() {
        Nodes nodes = new Nodes(TestDatabase.postgreSql());
        nodes.awaitShares();
        nodes.joined.signal("STOP");
        nodes.awaitComplete();
        assertThat(nodes.beginner.isNode((String) nodes.runs().get(0).get("node")))
                .isTrue();

        nodes.joined.signal("CONT");

        nodes.joined.awaitStderr("another run of this stream has taken over this run's windows");
        assertThat(nodes.runs()).singleElement().satisfies(run -> assertThat(run)
                .as(nodes.joined.stderr())
                .containsEntry("status", "complete")
                .containsEntry("records", (long) MONTHS * 3)
                .containsEntry("upserted", (long) MONTHS * 3));
        assertThat(repeated()).isLessThanOrEqualTo(LANES / 2);
    }

    @Test
    void anotherNodeContinuesWithTheWindowsThatAKilledOneHasLeft() {
        Nodes nodes = new Nodes(TestDatabase.mariaDb());
        nodes.awaitShares();
        nodes.beginner.signal("KILL");
        nodes.awaitComplete();

        assertThat(nodes.runs()).extracting(run -> run.get("status")).containsExactly("interrupted", "complete");
        assertThat(nodes.joined.isNode((String) nodes.runs().get(1).get("node")))
                .isTrue();
        assertThat(repeated()).isLessThanOrEqualTo(LANES);
    }
}
