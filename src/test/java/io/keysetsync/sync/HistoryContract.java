package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.store.StreamStates.StreamState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long runs are kept, and the index by which they are found, on every database. */
abstract class HistoryContract {

    private static final String SCHEMA =
            "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\", \"updatedAt\":"
                    + " \"UTC_DATETIME\"}}";

    private static final String RECORD = "{\"id\": \"1\", \"updatedAt\": \"2024-01-01T00:00:00Z\"}";

    private final TestDatabase database = database();
    private final Database own = Databases.of(database.url());
    private final Instant now = Instant.now();

    abstract TestDatabase database();

    private OwnStream stream(Map<String, String> settings) throws Exception {
        return new OwnStream(settings, "own", database, database.dataSource(), SCHEMA);
    }

    /** A run that began so long ago, and took a minute. */
    private Object[] ran(String id, String stream, String status, Duration ago) {
        return new Object[] {
            id,
            stream,
            own.parameterOf(now.minus(ago)),
            own.parameterOf(now.minus(ago).plusSeconds(60)),
            status
        };
    }

    private void insert(List<Object[]> runs) {
        database.jdbc()
                .batchUpdate(
                        "INSERT INTO keyset_sync_run (run_id, stream, started_at, ended_at, status, pages, records,"
                                + " upserted, unchanged, deleted, quarantined) VALUES (?, ?, ?, ?, ?, 1, 0, 0, 0, 0, 0)",
                        runs);
    }

    /** The runs of the stream that the test has inserted and that are still there, the oldest first. */
    private List<String> runs() {
        return database.runs("own").stream()
                .map(run -> run.get("run_id").toString())
                .filter(id -> id.length() < 10) // others are UUIDs
                .toList();
    }

    @Test
    void finishedRunsOlderThanNinetyDaysGoExceptTheNewestAndTheNewestCompleteOne() throws Exception {
        try (OwnStream stream = stream(Map.of())) {
            stream.sync(RECORD);
            database.jdbc().execute("DELETE FROM keyset_sync_run");
            insert(List.of(
                    ran("a", "own", "complete", Duration.ofDays(200)),
                    ran("b", "own", "failed", Duration.ofDays(150)),
                    ran("c", "own", "complete", Duration.ofDays(120)),
                    ran("d", "own", "fenced", Duration.ofDays(110)),
                    ran("e", "own", "failed", Duration.ofDays(100)),
                    ran("f", "other", "complete", Duration.ofDays(300)),
                    ran("g", "other", "running", Duration.ofDays(200))));

            assertThat(stream.syncStatus(RECORD)).isEqualTo("complete");
            assertThat(runs()).containsExactly("c", "e");

            assertThat(stream.syncStatus(RECORD)).isEqualTo("complete");
            assertThat(runs()).isEmpty();
            assertThat(database.runs("own")).hasSize(2);
            assertThat(database.runs("other")).as("of another stream").hasSize(2);
        }
    }

    @Test
    void runThatEndedWithinTheHistoryStaysWheneverItBegan() throws Exception {
        try (OwnStream stream = stream(Map.of("sync.history", "PT2H"))) {
            stream.sync(RECORD);
            database.jdbc().execute("DELETE FROM keyset_sync_run");
            insert(List.of(
                    ran("a", "own", "failed", Duration.ofHours(3)),
                    ran("b", "own", "failed", Duration.ofHours(2).plusSeconds(30)),
                    ran("c", "own", "failed", Duration.ofHours(1)),
                    ran("d", "own", "complete", Duration.ofMinutes(30))));

            stream.syncStatus(RECORD);
            assertThat(runs()).containsExactly("b", "c", "d");
        }
    }

    @Test
    void statesTellTheNewestRunAndTheNewestCompleteOneThatReadAPage() throws Exception {
        try (OwnStream stream = stream(Map.of("sync.history", "P1Y"))) {
            stream.sync(RECORD);
            database.jdbc().execute("DELETE FROM keyset_sync_run");
            database.jdbc()
                    .update(
                            "INSERT INTO keyset_sync_cursor (stream, version, updated_at) VALUES ('other', 1, ?)",
                            own.parameterOf(now));
            insert(List.of(
                    ran("a", "own", "complete", Duration.ofHours(3)),
                    ran("b", "own", "complete", Duration.ofHours(2)),
                    ran("c", "own", "failed", Duration.ofHours(1)),
                    ran("d", "other", "failed", Duration.ofHours(1))));
            insert(List.of(
                    ran("by-hand", "own", "complete", Duration.ofMinutes(30)),
                    ran("retry", "own", "complete", Duration.ofMinutes(20))));
            database.jdbc().execute("UPDATE keyset_sync_run SET kind = 'state', pages = 0 WHERE run_id = 'by-hand'");
            database.jdbc().execute("UPDATE keyset_sync_run SET kind = 'retry' WHERE run_id = 'retry'");
            for (String id : List.of("1", "2")) {
                database.jdbc()
                        .update(
                                "INSERT INTO keyset_sync_quarantine (id, stream, run_id, record, reason, seen_at)"
                                        + " VALUES (?, 'own', 'c', '{}', 'why', ?)",
                                id,
                                own.parameterOf(now));
            }

            insert(List.<Object[]>of(ran("e", "new", "running", Duration.ofMinutes(1))));

            Map<String, StreamState> states = stream.states("own", "other", "new", "never");

            assertThat(states.get("own").cursor()).isEqualTo("2024-01-01T00:00:00Z");
            assertThat(states.get("own").quarantined()).isEqualTo(2);
            assertThat(states.get("own").last().runId()).isEqualTo("c");
            assertThat(states.get("own").lastComplete())
                    .isCloseTo(now.minus(Duration.ofHours(2)).plusSeconds(60), within(1, ChronoUnit.MILLIS));
            assertThat(states.get("other").last().runId()).isEqualTo("d");
            assertThat(states.get("other").lastComplete()).isNull();
            assertThat(states.get("new").last().status()).isEqualTo("running");
            assertThat(states.get("never")).isEqualTo(new StreamState(null, null, null, 0));
        }
    }

    @Test
    void retryOfTheQuarantineIsNoCompleteRun() throws Exception {
        try (OwnStream stream = stream(Map.of("camel.kamelet.keyset-sync-source.retention", "P30D"))) {
            assertThat(stream.sync(RECORD, "{\"id\": null}")).containsEntry("quarantined", 1L);
            String longAgo = "UPDATE keyset_sync_run SET started_at = ?";
            database.jdbc().update(longAgo, own.parameterOf(now.minus(Duration.ofDays(31))));
            stream.retry();

            assertThat(database.runs("own")).extracting(run -> run.get("kind")).containsExactly("sync", "retry");
            assertThat(stream.sync(RECORD))
                    .containsEntry("status", "failed")
                    .extractingByKey("error")
                    .asString()
                    .contains("the last complete run began at", "changes are lost");

            database.jdbc().update(longAgo, own.parameterOf(now.minus(Duration.ofDays(29))));
            assertThat(stream.sync(RECORD)).containsEntry("status", "complete");
        }
    }

    @Test
    void longHistoryIsDeletedAThousandRunsAtATime() throws Exception {
        try (OwnStream stream = stream(Map.of("sync.history", "P1Y"))) {
            stream.sync(RECORD);
            insert(IntStream.range(0, 2500)
                    .mapToObj(i -> ran(
                            "r" + i, "own", "complete", Duration.ofDays(3000).minusMinutes(i)))
                    .toList());

            stream.syncStatus(RECORD);
            assertThat(runs()).hasSize(1500).startsWith("r1000");
            stream.syncStatus(RECORD);
            assertThat(runs()).hasSize(500);
            stream.syncStatus(RECORD);
            assertThat(runs()).isEmpty();
        }
    }

    @Test
    void emptyHistoryKeepsAllRuns() throws Exception {
        try (OwnStream stream = stream(Map.of("sync.history", ""))) {
            stream.sync(RECORD);
            insert(List.<Object[]>of(ran("a", "own", "complete", Duration.ofDays(9000))));

            stream.syncStatus(RECORD);
            stream.syncStatus(RECORD);
            assertThat(runs()).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "-P1D", "P-1Y", "90 days", "P"})
    void historyThatCannotBeReadFailsTheStart(String value) {
        assertThatThrownBy(() -> stream(Map.of("sync.history", value)))
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage("sync.history '" + value + "' is neither an ISO-8601 period such as P90D or P1Y nor"
                                + " a duration such as PT12H; leave it empty to keep all runs"));
    }

    @Test
    void tableOfAnEarlierVersionGetsTheIndexAlsoFromTwoProcessesAtOnce() throws Exception {
        try (OwnStream stream = stream(Map.of())) {
            stream.sync(RECORD);
        }
        assertThat(hasIndex()).isTrue();
        database.jdbc()
                .execute("DROP INDEX keyset_sync_run_started"
                        + (own.name().equals("mariadb") ? " ON keyset_sync_run" : ""));
        assertThat(hasIndex()).isFalse();
        try (OwnStream one = new OwnStream("one", database, database.dataSource(), SCHEMA);
                OwnStream two = new OwnStream("two", database, database.dataSource(), SCHEMA)) {
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Object> other = CompletableFuture.supplyAsync(() -> first(two, start));
            assertThat(first(one, start)).isEqualTo("complete");
            assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo("complete");
        }
        assertThat(hasIndex()).isTrue();
    }

    private static Object first(OwnStream stream, CyclicBarrier start) {
        try {
            start.await(60, TimeUnit.SECONDS);
            return stream.syncStatus(RECORD);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean hasIndex() {
        return new Tables(own, database.jdbc()).hasIndex("keyset_sync_run", List.of("stream", "started_at"));
    }
}
