package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.ClusterProcesses.GoingOn;
import io.keysetsync.packaged.ClusterProcesses.UnderWay;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Gate;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** What happens to the nodes of a cluster. After each mishap all streams go on. */
final class Mishaps {

    private static final int MOST_HELD = 6;

    private final ClusterProcesses cluster;
    private final Random random;

    Mishaps(ClusterProcesses cluster, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
    }

    /** Some streams by chance, in any order. */
    private Set<String> some() {
        List<String> streams = new ArrayList<>(cluster.streams());
        Collections.shuffle(streams, random);
        return new LinkedHashSet<>(streams.subList(0, 1 + random.nextInt(MOST_HELD)));
    }

    /** Kills nodes in the middle of runs, each as soon as the one before has started again. */
    void kill(int times) {
        List<GoingOn> watched = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            cluster.start(cluster.killInRuns(some(), watched));
        }
        ClusterProcesses.awaitAll(watched);
    }

    /** Kills a node in the middle of runs, which only the others may continue. */
    void killOne() {
        List<GoingOn> watched = new ArrayList<>();
        int killed = cluster.killInRuns(some(), watched);
        ClusterProcesses.awaitAll(watched);
        cluster.start(killed);
    }

    /** Suspends a node whose run has saved a page and waits for the next one, and lets it continue when others went on. */
    void suspendBetweenPages() {
        Gate gate = cluster.feed("s0").holdSecondPage();
        gate.awaitArrival();
        UnderWay late = cluster.underWay("s0");
        await("the first page is saved").until(() -> ((Number) row(late).get("pages")).intValue() == 1);

        GoingOn others = cluster.new GoingOn();
        cluster.suspend(late.node());
        gate.open();
        others.awaitAll();
        Running node = cluster.node(late.node());
        node.signal("CONT");

        awaitEnd(late);
        assertThat(row(late)).as(node.stderr()).containsEntry("status", "fenced");
        assertThat(node.stderr()).contains("stream s0: another run of this stream moved the cursor meanwhile");
        cluster.new GoingOn().awaitAll();
    }

    /**
     * Suspends a node that waits for a lock in a page's transaction, and then has it.
     *
     * @return the late run's row
     */
    Map<String, Object> suspendInATransaction() throws SQLException {
        Gate gate = cluster.feed("s1").holdSecondPage();
        gate.awaitArrival();
        UnderWay late = cluster.underWay("s1");
        await("the first page is saved").until(() -> ((Number) row(late).get("pages")).intValue() == 1);
        GoingOn others;
        try (Connection connection = cluster.database.dataSource().getConnection();
                PreparedStatement lock = connection.prepareStatement(
                        "SELECT cursor_value FROM keyset_sync_cursor WHERE stream = 's1' FOR UPDATE")) {
            connection.setAutoCommit(false);
            lock.executeQuery();
            gate.open();
            await("it waits for the lock").until(this::somebodyWaits);
            others = cluster.new GoingOn();
            cluster.suspend(late.node());
            connection.rollback();
        }
        others.awaitAll();
        cluster.node(late.node()).signal("CONT");

        awaitEnd(late);
        assertThat(row(late).get("status"))
                .as(() -> row(late) + "\n" + cluster.node(late.node()).stderr())
                .isIn("fenced", "failed");
        cluster.new GoingOn().awaitAll();
        return row(late);
    }

    private boolean somebodyWaits() {
        boolean isPostgreSql = cluster.database.url().startsWith("jdbc:postgresql:");
        return !cluster.database
                .jdbc()
                .queryForList(
                        isPostgreSql
                                ? "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                        + " AND query LIKE '%keyset_sync_cursor%' AND datname = current_database()"
                                : "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
                                        + " AND trx_query LIKE '%keyset_sync_cursor%'")
                .isEmpty();
    }

    private Map<String, Object> row(UnderWay run) {
        return cluster.database
                .jdbc()
                .queryForMap("SELECT status, error, pages, node FROM keyset_sync_run WHERE run_id = ?", run.run());
    }

    /** Other nodes call it interrupted, until it says itself how it ended. */
    private void awaitEnd(UnderWay late) {
        await("the late run ends").atMost(ClusterProcesses.GOES_ON).until(() -> !List.of("running", "interrupted")
                .contains(row(late).get("status")));
    }

    /** Closes all nodes' connections to the database, and lets them have new ones later. */
    void databaseAway(Duration outage) throws IOException {
        List<Integer> said = new ArrayList<>();
        for (int i = 0; i < ClusterProcesses.NODES; i++) {
            said.add(cluster.node(i).stderr().length());
        }
        cluster.proxy.goAway();
        await("the outage").pollDelay(outage).atMost(outage.multipliedBy(2)).until(() -> true);
        GoingOn again = cluster.new GoingOn();
        cluster.proxy.comeBack();
        again.awaitAll();
        for (int i = 0; i < ClusterProcesses.NODES; i++) {
            cluster.node(i).awaitStderr("cluster: no run begins while the database doesn't answer", said.get(i));
            cluster.node(i).awaitStderr("cluster: the database answers again", said.get(i));
        }
    }

    /**
     * Restarts a node with its clock off, kills others and then it, each in the middle of runs.
     *
     * @return how many runs each node began while all lived
     */
    String clockOff(Path library, String offset) {
        int wrong = random.nextInt(ClusterProcesses.NODES);
        cluster.stop(wrong);
        cluster.start(
                wrong,
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME=" + offset,
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0"); // or the JVM's waits would return at once
        long begun = cluster.trail().now();
        for (int i = 0; i < 3; i++) {
            cluster.new GoingOn().awaitAll();
        }
        Map<String, Long> shares = cluster.trail().sharesSince(begun);
        long wrongPid = cluster.node(wrong).process().pid();
        killOneBut(wrong);
        assertThat(cluster.node(wrong).process().isAlive()).isTrue();
        cluster.stop(wrong);
        cluster.start(wrong);
        cluster.new GoingOn().awaitAll();
        assertThat(cluster.output())
                .as("it is not taken for dead")
                .doesNotContainPattern("the node \\S+-" + wrongPid + "-\\S+ is gone");
        return shares + " (the process that was off: " + wrongPid + ")";
    }

    private void killOneBut(int spared) {
        GoingOn watch = cluster.new GoingOn();
        int killed = (spared + 1) % ClusterProcesses.NODES;
        cluster.kill(killed);
        watch.awaitAll();
        cluster.start(killed);
    }

    /** Upgrades one node after the other: a stream is added, one has another schedule, and one is removed. */
    void upgrade() {
        String schedule = "1/3 * * * * ?";
        LiveFeed added = cluster.add("added");
        String removed = cluster.streams().get(cluster.streams().size() - 1);
        GoingOn going = cluster.new GoingOn();
        cluster.expect(removed, false);
        for (int i = 0; i < ClusterProcesses.NODES; i++) {
            cluster.stop(i);
            Program program = cluster.program(i);
            program.stream("added", "added", added.url(), schedule);
            program.stream("s0", "s0", cluster.feed("s0").url(), schedule);
            program.delete("routes/" + removed + ".camel.yaml");
            program.delete("routes/" + removed + ".schema.json");
            cluster.start(i);
            cluster.expect("added", true);
        }
        long upgraded = cluster.trail().now();

        going.awaitAll();
        cluster.new GoingOn().awaitAll();
        for (String stream : List.of("added", "s0")) {
            assertThat(cluster.database
                            .jdbc()
                            .queryForList(
                                    "SELECT CRON_EXPRESSION FROM QRTZ_CRON_TRIGGERS WHERE TRIGGER_NAME = ?",
                                    String.class,
                                    stream))
                    .containsExactly(schedule);
        }
        assertThat(cluster.trail().begunSince(upgraded)).doesNotContain(removed).contains("added", "s0");
    }
}
