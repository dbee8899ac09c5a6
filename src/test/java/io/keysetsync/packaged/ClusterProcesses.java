package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Gate;
import io.keysetsync.sync.StallingProxy;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.dao.DataAccessException;

/** Three nodes that are processes, the APIs of their streams, and what may happen to a node. */
final class ClusterProcesses implements AutoCloseable {

    static final int NODES = 3;

    /** In which a stream has to go on, whatever happens to a node. */
    static final Duration GOES_ON = Duration.ofSeconds(30);

    final TestDatabase database;
    final StallingProxy proxy;
    private final Map<String, LiveFeed> feeds = new TreeMap<>();
    private final List<Program> programs = new ArrayList<>();
    private final List<Running> nodes = new ArrayList<>();
    private final List<Running> all = new ArrayList<>();
    private final Set<String> suspended = new HashSet<>();
    private final Set<String> due = new TreeSet<>();
    private final RunTrail trail;
    private double longest;
    private int kills;

    /** Starts the nodes, and waits until each stream has run. */
    ClusterProcesses(TestDatabase database, Path temp, int streams, String schedule) throws IOException {
        this.database = database;
        this.proxy = new StallingProxy(
                URI.create(database.url().substring("jdbc:".length())).getPort());
        for (int i = 0; i < streams; i++) {
            feeds.put("s" + i, new LiveFeed());
        }
        due.addAll(feeds.keySet());
        for (int i = 0; i < NODES; i++) {
            Program program = Program.node(temp.resolve("node" + i), database)
                    .with("sync.console", false)
                    .with("sync.database.url", proxy.url(database.url()));
            feeds.forEach((stream, feed) -> program.stream(stream, stream, feed.url(), schedule));
            programs.add(program);
        }
        for (Program program : programs) {
            Running node = program.start("run");
            nodes.add(node);
            all.add(node);
        }
        nodes.forEach(node -> node.awaitStderr("cluster: "));
        await("the first run").atMost(GOES_ON).until(() -> hasRun(database));
        trail = RunTrail.in(database);
        new GoingOn().awaitAll();
    }

    private static boolean hasRun(TestDatabase database) {
        try {
            return !database.jdbc()
                    .queryForList("SELECT 1 FROM keyset_sync_run")
                    .isEmpty();
        } catch (DataAccessException e) {
            return false; // no table yet
        }
    }

    LiveFeed feed(String stream) {
        return Objects.requireNonNull(feeds.get(stream));
    }

    List<String> streams() {
        return List.copyOf(due);
    }

    Running node(int number) {
        return nodes.get(number);
    }

    Program program(int number) {
        return programs.get(number);
    }

    RunTrail trail() {
        return trail;
    }

    /** Adds a stream's API; the nodes get its route when they are upgraded. */
    LiveFeed add(String stream) {
        LiveFeed feed = new LiveFeed();
        feeds.put(stream, feed);
        return feed;
    }

    /** From now on a stream has to go on, or hasn't. */
    void expect(String stream, boolean goesOn) {
        boolean unused = goesOn ? due.add(stream) : due.remove(stream);
    }

    /** Starts a node behind a command, such as one that sets its environment. */
    void start(int number, String... behind) {
        Running node = programs.get(number).startBehind(List.of(behind), "run");
        nodes.set(number, node);
        all.add(node);
        node.awaitStderr("cluster: ");
    }

    void stop(int number) {
        nodes.get(number).signal("TERM");
        Ended ended = nodes.get(number).end();
        assertThat(ended.code()).as(ended.stderr()).isZero();
    }

    /** The run under way of a stream, and the number of its node. */
    record UnderWay(String run, int node) {}

    UnderWay underWay(String stream) {
        Map<String, Object> run = database.jdbc()
                .queryForMap(
                        "SELECT run_id, node FROM keyset_sync_run WHERE stream = ? AND status = 'running'", stream);
        return new UnderWay((String) run.get("run_id"), indexOf((String) run.get("node")));
    }

    private int indexOf(String node) {
        return IntStream.range(0, NODES)
                .filter(i -> nodes.get(i).isNode(node))
                .findFirst()
                .orElseThrow();
    }

    /** Kills the node that runs the first of some streams, while all of them run; returns the number of the node. */
    int killInRuns(Set<String> streams, List<GoingOn> watched) {
        List<Gate> gates = new ArrayList<>();
        for (String stream : streams) {
            gates.add(
                    gates.size() % 2 == 0
                            ? feed(stream).holdSecondPage()
                            : feed(stream).holdFirstPage());
        }
        gates.forEach(Gate::awaitArrival);
        int victim = underWay(streams.iterator().next()).node();
        GoingOn watch = new GoingOn();
        kill(victim);
        Set<String> cutShort = cutShort(victim);
        watched.forEach(each -> each.leave(cutShort));
        watched.add(watch);
        gates.forEach(Gate::open);
        return victim;
    }

    /** The streams of the firings that a node had when it was killed. */
    private Set<String> cutShort(int number) {
        return Set.copyOf(database.jdbc()
                .queryForList(
                        "SELECT DISTINCT COALESCE(JOB_NAME, TRIGGER_NAME) FROM QRTZ_FIRED_TRIGGERS"
                                + " WHERE INSTANCE_NAME LIKE ?",
                        String.class,
                        "%-" + nodes.get(number).process().pid() + "-%"));
    }

    void kill(int number) {
        nodes.get(number).signal("KILL");
        nodes.get(number).end();
        kills++;
    }

    /** Suspends a node; its open runs may say later that they are complete, if they were. */
    void suspend(int number) {
        suspended.addAll(database.jdbc()
                .queryForList(
                        "SELECT DISTINCT node FROM keyset_sync_run WHERE node LIKE ?",
                        String.class,
                        "%-" + nodes.get(number).process().pid() + "-%"));
        nodes.get(number).signal("STOP");
    }

    /** Which streams have to go on since a moment, and have not yet. */
    final class GoingOn {

        private final long moment = trail.now();
        private final double begun = trail.seconds();
        private final Set<String> missing = new TreeSet<>(due);

        /** Leaves streams to a later watch, which begins with another node's end. */
        private void leave(Set<String> streams) {
            missing.removeAll(streams);
        }

        boolean look() {
            trail.completeSince(moment, begun).forEach((stream, seconds) -> {
                if (missing.remove(stream)) {
                    longest = Math.max(longest, seconds);
                    assertThat(seconds)
                            .as(() -> stream + " goes on too late\n" + output())
                            .isLessThan((double) GOES_ON.toSeconds());
                }
            });
            assertThat(missing.isEmpty() || trail.seconds() - begun < GOES_ON.toSeconds())
                    .as(() -> missing + " don't go on within " + GOES_ON + "\n" + output())
                    .isTrue();
            return missing.isEmpty();
        }

        void awaitAll() {
            ClusterProcesses.awaitAll(List.of(this));
        }
    }

    static void awaitAll(List<GoingOn> watched) {
        await("all streams go on")
                .atMost(GOES_ON.plusSeconds(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> watched.stream().filter(each -> !each.look()).count() == 0);
    }

    /** What all processes have said. */
    String output() {
        return all.stream().map(Running::stderr).collect(Collectors.joining("\n\n"));
    }

    /** Each table equals what its API has, once that is still; and no two runs of a stream wrote at the same time. */
    void assertNothingIsLost() {
        feeds.values().forEach(LiveFeed::beStill);
        due.forEach(stream -> await(stream).atMost(GOES_ON).untilAsserted(() -> assertThat(rows(stream))
                .isEqualTo(feed(stream).truth())));
        feeds.keySet().forEach(stream -> trail.assertOneRunAtATime(stream, suspended));
        all.forEach(node -> assertThat(node.stderr()).doesNotContain("\tat "));
    }

    private Map<String, Instant> rows(String stream) {
        Map<String, Instant> rows = new HashMap<>();
        database.jdbc().query("SELECT id, \"updatedAt\" FROM " + stream, (ResultSet row) -> {
            rows.put(row.getString(1), Objects.requireNonNull(database.instant(row, "updatedAt")));
        });
        return rows;
    }

    int kills() {
        return kills;
    }

    /** Kills, runs by how they ended, and the longest time that a stream took to go on after a node's end. */
    String figures() {
        return "%d kills, runs %s, a stream went on after %.1f s at most"
                .formatted(kills, new TreeMap<>(trail.ends()), longest);
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        feeds.values().forEach(LiveFeed::close);
        try {
            proxy.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
