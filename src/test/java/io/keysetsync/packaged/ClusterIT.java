package io.keysetsync.packaged;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * Three nodes share ten streams, and are killed, suspended and restarted one after the other; {@code -Dcluster.rounds=20}
 * does so more often.
 */
class ClusterIT {

    private static final int ROUNDS = Integer.getInteger("cluster.rounds", 1);
    private static final int NODES = 3;
    private static final int STREAMS = 10;
    private static final String SCHEDULE = "0/2 * * * * ?";

    /** In which a stream has to go on, whatever happens to a node. */
    private static final Duration GOES_ON = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.postgreSql();
    private final Map<String, ScenarioApi> apis = new TreeMap<>();
    private final List<Program> programs = new ArrayList<>();
    private final List<Running> nodes = new ArrayList<>();
    private final Set<String> suspended = new TreeSet<>();
    private int changes;

    @TempDir
    private Path temp;

    @BeforeEach
    void start() {
        for (int i = 0; i < STREAMS; i++) {
            apis.put("s" + i, ScenarioApi.of(Feed.users(40)).pageSize(15).start());
        }
        for (int i = 0; i < NODES; i++) {
            Program program = Program.in(temp.resolve("node" + i))
                    .withoutUser()
                    .with("sync.cluster", true)
                    .with("sync.demo-api", false)
                    .with("sync.console", false)
                    .with("sync.database.url", database.url())
                    .with("sync.database.username", database.username())
                    .with("sync.database.password", database.password());
            apis.forEach((stream, api) -> program.stream(stream, stream, api.url(), SCHEDULE));
            programs.add(program);
            nodes.add(program.start("run"));
        }
    }

    @AfterEach
    void stop() {
        programs.forEach(Program::close);
        apis.values().forEach(ScenarioApi::close);
    }

    @Test
    void nothingIsLostWhateverHappensToANode() {
        nodes.forEach(node -> node.awaitStderr("cluster: "));
        allGoOnAfter(Instant.now());
        for (int round = 0; round < ROUNDS; round++) {
            killOneAfterTheOther();
            suspendOneInARun();
            restartOneAfterTheOther();
        }
        apis.keySet().forEach(this::endsWithTheTruth);
        apis.keySet().forEach(this::noTwoRunsCompletedAtOnce);
        nodes.forEach(node -> assertThat(node.stderr()).doesNotContain("\tat "));
        assertThat(query("SELECT DISTINCT node FROM keyset_sync_run").size())
                .as("each process has a name")
                .isBetween(NODES, NODES * (1 + 2 * ROUNDS));
    }

    private void killOneAfterTheOther() {
        for (int i = 0; i < NODES; i++) {
            change();
            Instant killed = Instant.now();
            nodes.get(i).signal("KILL");
            nodes.get(i).end();
            startAgain(i);
            if (i == NODES - 1) {
                allGoOnAfter(killed);
            }
        }
    }

    private void startAgain(int node) {
        nodes.set(node, programs.get(node).start("run"));
        nodes.get(node).awaitStderr("cluster: ");
    }

    /** A run is at its second page when its node is suspended; another node runs the stream; then the first one continues. */
    private void suspendOneInARun() {
        ScenarioApi api = Objects.requireNonNull(apis.get("s0"));
        Gate gate = new Gate();
        int requests = api.requests().size();
        change();
        for (int i = 0; i < 20; i++) {
            change("s0", api); // more than a page
        }
        api.change(scenario -> scenario.when(
                request -> request.number() > requests && request.parameter("scroll_param") != null, gate));
        gate.awaitArrival();
        Map<String, Object> run = query(
                        "SELECT run_id, node FROM keyset_sync_run WHERE stream = 's0' AND status = 'running'")
                .get(0);
        Running late = nodes.get(indexOf((String) run.get("node")));
        suspended.add((String) run.get("node"));
        Instant stopped = Instant.now();
        late.signal("STOP");
        gate.open();

        allGoOnAfter(stopped);
        late.signal("CONT");

        await(
                        "the late run ends, and is not complete: it is fenced, or the database has ended its connection meanwhile")
                .atMost(GOES_ON)
                .until(() -> !List.of("running", "complete")
                        .contains(query("SELECT status FROM keyset_sync_run WHERE run_id = '" + run.get("run_id") + "'")
                                .get(0)
                                .get("status")));
        allGoOnAfter(Instant.now());
    }

    private int indexOf(String node) {
        return IntStream.range(0, NODES)
                .filter(i -> node.contains("-" + nodes.get(i).process().pid() + "-"))
                .findFirst()
                .orElseThrow();
    }

    private void restartOneAfterTheOther() {
        Instant begun = Instant.now();
        for (int i = 0; i < NODES; i++) {
            change();
            nodes.get(i).signal("TERM");
            Ended ended = nodes.get(i).end();
            assertThat(ended.code()).as(ended.stderr()).isZero();
            assertThat(ended.stderr()).doesNotContain("\tat ");
            startAgain(i);
        }
        allGoOnAfter(begun);
    }

    private void change() {
        apis.forEach(this::change);
    }

    private void change(String stream, ScenarioApi api) {
        changes++;
        api.feed()
                .put(FeedRecord.user(
                        Integer.toString(changes % 60),
                        Instant.now().plusNanos(changes).toString()));
    }

    /** Each stream has a complete run that began after a moment. */
    private void allGoOnAfter(Instant moment) {
        await("all streams go on")
                .atMost(GOES_ON)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(query(
                                "SELECT DISTINCT stream FROM keyset_sync_run WHERE status = 'complete' AND started_at > '"
                                        + moment + "'"))
                        .as(() -> nodes.stream().map(Running::stderr).collect(Collectors.joining("\n\n")))
                        .hasSize(STREAMS));
    }

    private List<Map<String, Object>> query(String sql) {
        try {
            return database.jdbc().queryForList(sql);
        } catch (BadSqlGrammarException e) {
            return List.of(); // no run has begun
        }
    }

    private void endsWithTheTruth(String stream) {
        Map<String, Instant> truth = Objects.requireNonNull(apis.get(stream)).feed().truth().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        each -> each.getValue().instant().orElseThrow().truncatedTo(ChronoUnit.MICROS)));
        await(stream).atMost(10, SECONDS).untilAsserted(() -> assertThat(rows(stream))
                .isEqualTo(truth));
    }

    private Map<String, Instant> rows(String stream) {
        return query("SELECT id, \"updatedAt\" AS at FROM " + stream).stream()
                .collect(Collectors.toMap(
                        row -> (String) row.get("id"), row -> ((Timestamp) row.get("at")).toInstant()));
    }

    /** A run that was suspended after its last page may still say so later. */
    private void noTwoRunsCompletedAtOnce(String stream) {
        String others = "('" + String.join("', '", suspended) + "')";
        assertThat(query("SELECT a.node, a.started_at, a.ended_at, b.node AS other, b.started_at AS began,"
                        + " b.ended_at AS ended FROM keyset_sync_run a, keyset_sync_run b WHERE a.stream = '" + stream
                        + "' AND b.stream = a.stream AND a.status = 'complete' AND b.status = 'complete'"
                        + " AND a.run_id < b.run_id AND a.started_at < b.ended_at AND b.started_at < a.ended_at"
                        + " AND a.node NOT IN " + others + " AND b.node NOT IN " + others))
                .as(stream)
                .isEmpty();
    }
}
