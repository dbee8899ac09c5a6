package io.keysetsync.cluster;

import static io.keysetsync.cluster.TestNode.DAILY;
import static io.keysetsync.cluster.TestNode.EVERY_SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quartz.CronTrigger;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.quartz.listeners.JobListenerSupport;
import org.slf4j.LoggerFactory;

/** What nodes on one database promise. */
abstract class ClusterContract {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScenarioApi api = ScenarioApi.of(Feed.users(30)).pageSize(10).start();

    private final List<TestNode> nodes = new ArrayList<>();
    final TestDatabase database = database();

    abstract TestDatabase database();

    @AfterEach
    void stop() {
        api.close();
        nodes.forEach(TestNode::close);
    }

    private TestNode node() {
        TestNode node = new TestNode(database);
        nodes.add(node);
        return node;
    }

    private TestNode with(String stream, String schedule) throws Exception {
        return node().stream(stream, api.url(), schedule).start();
    }

    private List<Map<String, Object>> runs(String stream) {
        return database.runs(stream);
    }

    private List<String> nodesOf(String stream) {
        return runs(stream).stream().map(run -> String.valueOf(run.get("node"))).toList();
    }

    private long complete(String stream) {
        return runs(stream).stream()
                .filter(run -> "complete".equals(run.get("status")))
                .count();
    }

    private void awaitComplete(String stream, int atLeast) {
        await(stream).atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(complete(stream))
                .isGreaterThanOrEqualTo(atLeast));
    }

    private static TriggerKey key(String stream) {
        return new TriggerKey(stream, "keyset-sync");
    }

    @Test
    void nodesThatStartAtOnceCreateTheTablesAndBeginOneRunOfEachStream() throws Exception {
        List<TestNode> both = List.of(node(), node());
        for (TestNode node : both) {
            node.stream("a", api.url(), DAILY).stream("b", api.url(), DAILY);
        }
        CompletableFuture.allOf(both.stream()
                        .map(node -> CompletableFuture.runAsync(() -> start(node)))
                        .toArray(CompletableFuture[]::new))
                .join();

        awaitComplete("a", 1);
        awaitComplete("b", 1);
        with("a", DAILY);
        triggerAndAwait(both.get(0), "b", 2);

        assertThat(runs("a")).as("a node that joins begins no run").hasSize(1);
        assertThat(runs("b")).hasSize(2);
    }

    private static void start(TestNode node) {
        try {
            node.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void triggerAndAwait(TestNode node, String stream, int complete) throws SchedulerException {
        node.streams().trigger(stream);
        awaitComplete(stream, complete);
    }

    @Test
    void tablesThatExistKeepTheirRows() throws Exception {
        TestNode first = with("a", DAILY);
        awaitComplete("a", 1);
        database.jdbc().update("INSERT INTO " + table("QRTZ_LOCKS") + " VALUES ('other', 'kept')");
        first.stop();

        with("a", DAILY);

        awaitComplete("a", 2);
        assertThat(database.jdbc()
                        .queryForList(
                                "SELECT LOCK_NAME FROM " + table("QRTZ_LOCKS") + " WHERE SCHED_NAME = 'other'",
                                String.class))
                .containsExactly("kept");
    }

    /** Quartz writes names without quotes. */
    String table(String name) {
        return name;
    }

    @Test
    void eachNodeTakesOnlyFiringsOfStreamsThatItHas() throws Exception {
        TestNode one = node().stream("a", api.url(), EVERY_SECOND).stream("b", api.url(), EVERY_SECOND)
                .start();
        TestNode two = node().stream("b", api.url(), EVERY_SECOND).stream("c", api.url(), EVERY_SECOND)
                .start();

        awaitComplete("a", 4);
        awaitComplete("b", 4);
        awaitComplete("c", 4);

        assertThat(nodesOf("a")).containsOnly(one.name());
        assertThat(nodesOf("c")).containsOnly(two.name());
        assertThat(firings("a"))
                .as("none is lost")
                .isLessThanOrEqualTo(runs("a").size() + 1);
    }

    @Test
    void aNodeFindsItsFiringBehindManyThatOnlyOthersCanTake() throws Exception {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(1, gate));
        TestNode busy = node().oneAtATime();
        for (int i = 0; i < 30; i++) {
            busy.stream("a" + i, api.url(), DAILY);
        }
        busy.start();
        gate.awaitArrival();

        with("b", DAILY);

        awaitComplete("b", 1);
        gate.open();
    }

    /** The seconds from the first firing of a stream to the last one. */
    private long firings(String stream) {
        Map<String, Object> seconds = database.jdbc()
                .queryForMap(
                        "SELECT MIN(started_at) AS a, MAX(started_at) AS b FROM keyset_sync_run WHERE stream = ?",
                        stream);
        return Duration.between(instant(seconds.get("a")), instant(seconds.get("b")))
                .toSeconds();
    }

    private static Instant instant(Object time) {
        return time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : ((Timestamp) time).toInstant();
    }

    @Test
    void aRunThatAStopInterruptsBeginsAgainOnAnotherNode() throws Exception {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        TestNode first = with("a", DAILY);
        gate.awaitArrival();
        TestNode second = with("a", DAILY);

        first.stop();
        gate.open();

        awaitComplete("a", 1);
        assertThat(nodesOf("a")).containsExactly(first.name(), second.name());
        assertThat(runs("a").get(0)).containsEntry("status", "interrupted");
        assertThat(first.pool().isClosed()).isFalse();
        assertThat(database.jdbc().queryForList("SELECT node FROM keyset_sync_node", String.class))
                .containsExactly(second.name());
    }

    /** Holds back the end of a job until a test says go. */
    private static final class SlowEnd extends JobListenerSupport {

        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch gone = new CountDownLatch(1);

        @Override
        public String getName() {
            return "a slow end";
        }

        @Override
        public void jobWasExecuted(JobExecutionContext job, JobExecutionException error) {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            gone.countDown();
        }

        void go() throws InterruptedException {
            go.countDown();
            gone.await();
        }
    }

    @Test
    void aRunThatEndsAfterItsNodeHasStoppedBeginsAgainOnAnotherNode() throws Exception {
        SlowEnd end = new SlowEnd();
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        TestNode first = node().stream("a", api.url(), DAILY).listener(end).start();
        gate.awaitArrival();
        TestNode second = with("a", DAILY);

        first.stop();
        gate.open();
        end.go();

        awaitComplete("a", 1);
        assertThat(nodesOf("a")).containsExactly(first.name(), second.name());
    }

    @Test
    void aRunWhoseEndIsNotNotedWhenItsNodeStopsBeginsAgainOnAnotherNode() throws Exception {
        SlowEnd end = new SlowEnd();
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        TestNode first = with("a", DAILY);
        gate.awaitArrival();
        first.scheduler().getListenerManager().addJobListener(end);
        TestNode second = with("a", DAILY);

        first.stop();
        gate.open();

        awaitComplete("a", 1);
        end.go();
        triggerAndAwait(second, "a", 2);
        assertThat(nodesOf("a")).containsExactly(first.name(), second.name(), second.name());
    }

    @Test
    void aRunThatAStopInterruptsBeginsAgainWhenTheNextNodeStarts() throws Exception {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        TestNode first = with("a", DAILY);
        gate.awaitArrival();
        first.stop();
        gate.open();

        with("a", DAILY);

        awaitComplete("a", 1);
        await("one run, not one for the start and one for the stop")
                .during(Duration.ofSeconds(2))
                .until(() -> runs("a").size() == 2);
    }

    @Test
    void aRunOfADailyStreamBeginsAgainAfterAKill() throws Exception {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        TestNode first = with("a", DAILY);
        gate.awaitArrival();
        TestNode second = with("a", DAILY);

        first.kill();

        awaitComplete("a", 1);
        gate.open();
        assertThat(nodesOf("a")).containsExactly(first.name(), second.name());
    }

    @Test
    void aNodeThatIsSuspendedWithALockHoldsUpTheOthersForSecondsOnly() throws Exception {
        TestNode node = with("a", EVERY_SECOND);
        awaitComplete("a", 1);
        try (Connection suspended = node().pool().getConnection();
                Statement statement = suspended.createStatement()) {
            suspended.setAutoCommit(false);
            statement.execute("SELECT * FROM " + table("QRTZ_LOCKS") + " FOR UPDATE");

            awaitComplete("a", runs("a").size() + 2);
        } catch (SQLException e) {
            // the database has ended the connection
        }
        assertThat(nodesOf("a")).containsOnly(node.name());
    }

    /** Threads of a suspended node that waited on would get the lock one after the other, and not go on. */
    @Test
    void aNodeWaitsForTheLockOfTheClusterForSecondsOnly() throws Exception {
        TestNode node = with("a", DAILY);
        awaitComplete("a", 1);
        try (Connection other = database.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM " + table("QRTZ_LOCKS") + " FOR UPDATE");

            assertThatThrownBy(() -> node.scheduler().pauseTrigger(key("a")))
                    .isInstanceOf(SchedulerException.class)
                    .hasMessageContaining("lock");
            other.rollback();
        }
        node.scheduler().pauseTrigger(key("a"));
        assertThat(node.scheduler().getTriggerState(key("a"))).isEqualTo(TriggerState.PAUSED);
    }

    @Test
    void aRunByHandIsTakenByANodeThatIsIdle() throws Exception {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(1, gate));
        TestNode busy = node().oneAtATime().stream("a", api.url(), DAILY).stream("b", api.url(), DAILY)
                .start();
        gate.awaitArrival();
        TestNode idle = node().stream("a", api.url(), DAILY).stream("b", api.url(), DAILY)
                .start();
        await().atMost(PATIENCE).until(() -> complete("a") + complete("b") > 0);
        String free = complete("a") > 0 ? "a" : "b";

        triggerAndAwait(busy, free, 2);

        gate.open();
        assertThat(nodesOf(free)).containsOnly(idle.name());
    }

    @Test
    void theScheduleOfTheNodeThatStartedLastHolds() throws Exception {
        TestNode first = with("a", DAILY);
        awaitComplete("a", 1);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger("io.keysetsync.run")).addAppender(log);

        with("a", EVERY_SECOND);

        awaitComplete("a", 3);
        ((Logger) LoggerFactory.getLogger("io.keysetsync.run")).detachAppender(log);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.contains("schedule"))
                .containsExactly("a: the schedule '" + EVERY_SECOND
                        + "' of this node, which started last, holds for all nodes instead of '" + DAILY + "'");
        assertThat(((CronTrigger) first.scheduler().getTrigger(key("a"))).getCronExpression())
                .isEqualTo(EVERY_SECOND);
    }

    @Test
    void aPauseHoldsForAllNodesOverRestartsAndChangedSchedules() throws Exception {
        TestNode first = with("a", DAILY);
        TestNode second = with("a", DAILY);
        awaitComplete("a", 1);
        first.streams().pause("a");
        assertThat(second.scheduler().getTriggerState(key("a"))).isEqualTo(TriggerState.PAUSED);
        first.stop();
        second.stop();

        TestNode third = with("a", EVERY_SECOND);
        TestNode fourth = with("a", "0/2 * * * * ?");
        await("it stays paused")
                .during(Duration.ofSeconds(3))
                .until(() -> runs("a").size() == 1);
        assertThat(third.scheduler().getTriggerState(key("a"))).isEqualTo(TriggerState.PAUSED);
        triggerAndAwait(third, "a", 2);

        fourth.streams().resume("a");

        awaitComplete("a", 4);
    }

    @Test
    void aPauseOutlivesTheTriggersThatNoNodeHad() throws Exception {
        TestNode first = node().stream("a", api.url(), DAILY).start();
        first.streams().pause("a");
        first.stop();
        TestNode other = node().withoutGrace().stream("b", api.url(), DAILY).start();
        awaitGone(other, "a");

        TestNode again = with("a", EVERY_SECOND);

        assertThat(again.scheduler().getTriggerState(key("a"))).isEqualTo(TriggerState.PAUSED);
    }

    private static void awaitGone(TestNode node, String stream) {
        await(stream).atMost(PATIENCE).until(() -> !node.scheduler().checkExists(new JobKey(stream, "keyset-sync")));
    }

    @Test
    void triggersGoIfNoLivingNodeHasTheirRouteAndComeBackWithIt() throws Exception {
        TestNode first = with("a", EVERY_SECOND);
        awaitComplete("a", 1);
        first.scheduler().standby();
        database.jdbc().update("UPDATE keyset_sync_node SET seen_at = 0");

        TestNode other = node().withoutGrace().stream("b", api.url(), DAILY).start();
        other.scheduler().deleteJob(new JobKey("a", "keyset-sync"));
        int before = runs("a").size();
        first.scheduler().start();

        awaitComplete("a", before + 2);
    }

    @Test
    void nodesWhoseStreamsContradictEachOtherDoNotRunTogether() throws Exception {
        with("a", DAILY);
        TestNode other = node().stream("a", api.url("/elsewhere"), EVERY_SECOND);

        assertThatThrownBy(other::start)
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("stream a: the node ", "/records', which is now '", "/elsewhere'", "stop");
        awaitComplete("a", 1);
        assertThat(((CronTrigger) nodes.get(0).scheduler().getTrigger(key("a"))).getCronExpression())
                .as("refused before it changes the schedule")
                .isEqualTo(DAILY);
    }

    @Test
    void aNodeOfAnotherFormatIsRefused() throws Exception {
        with("a", DAILY);
        database.jdbc().update("UPDATE keyset_sync_node SET format = 0");
        TestNode other = node().stream("a", api.url(), DAILY);

        assertThatThrownBy(other::start)
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("(0 instead of 1); stop all nodes of the old version first");
    }

    @Test
    void tablesOfAnotherVersionOfQuartzAreRefused() throws Exception {
        TestNode first = with("a", DAILY);
        first.stop();
        database.jdbc().execute("ALTER TABLE " + table("QRTZ_FIRED_TRIGGERS") + " DROP COLUMN " + table("SCHED_TIME"));
        TestNode other = node().stream("a", api.url(), DAILY);

        assertThatThrownBy(other::start)
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("QRTZ_FIRED_TRIGGERS has no SCHED_TIME");
    }

    /** A user who may connect and read what there is, and create nothing. */
    abstract TestDatabase restricted();

    @Test
    void whoMayNotCreateTheTablesIsToldTheDdl() throws Exception {
        TestNode node = new TestNode(restricted()).stream("a", api.url(), DAILY);
        nodes.add(node);

        String line = String.valueOf(Errors.known(catchThrowable(node::start)).getMessage());

        assertThat(line).contains("refuses to create them").doesNotContain("DROP", "\n");
        for (String statement : line.replaceFirst(".* run: ", "").split("; ", -1)) {
            database.jdbc().execute(statement);
        }
        with("a", DAILY);
        awaitComplete("a", 1);
    }

    @Test
    void longNamesOfStreamsAreRefused() throws Exception {
        String name = "s".repeat(181);
        TestNode node = node().stream(name, api.url(), DAILY);

        assertThatThrownBy(node::start)
                .extracting(Errors::known)
                .extracting(error -> Objects.requireNonNull(error).getMessage())
                .asString()
                .contains("more than 180 characters");
    }

    @Test
    void streamsWithNamesThatDifferInCaseAreTwo() throws Exception {
        TestNode node = node().stream("a", api.url(), DAILY).stream("A", api.url(), DAILY)
                .start();
        awaitComplete("a", 1);
        awaitComplete("A", 1);
        assertThat(node.streams().names()).containsExactly("A", "a");
    }
}
