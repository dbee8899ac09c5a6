package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.Quarantine;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.Quarantine.Origin;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be done with records that were set aside: look at them, drop them, try them again. */
abstract class QuarantineContract extends SinkContract {

    private Quarantine quarantine;

    @BeforeEach
    void table() throws Exception {
        sync(List.of());
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", database.dataSource());
        quarantine = StreamRegistry.of(context).store("dataSource").quarantine();
    }

    private void constrain(String constraint) {
        jdbc.execute("ALTER TABLE \"item\" ADD CONSTRAINT asked " + constraint);
    }

    private void allow() {
        jdbc.execute("ALTER TABLE \"item\" DROP CONSTRAINT asked");
    }

    private static String amount(int id, int minute, int amount) {
        return item(id, minute, "\"amount\": " + amount);
    }

    private String idOf(int item) {
        return quarantine.list(STREAM, List.of()).stream()
                .filter(entry -> entry.record().contains("\"id\":" + item + ","))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private Map<String, Object> cursor() {
        return jdbc.queryForMap("SELECT * FROM keyset_sync_cursor");
    }

    @Test
    void recordThatAnotherTransactionSetsAsideFirstFailsNoPage() throws Exception {
        List<String> page = List.of(item(1, 1, "\"amount\": \"x\""), item(2, 2, "\"amount\": \"y\""), amount(3, 3, 3));
        sync(page);
        Map<String, Object> other = jdbc.queryForMap("SELECT * FROM keyset_sync_quarantine WHERE id = ?", idOf(1));
        quarantine.drop(STREAM, List.of());
        dataSource.beforeNext("INSERT INTO keyset_sync_quarantine", () -> {
            jdbc.update(
                    "INSERT INTO keyset_sync_quarantine (id, stream, run_id, set_aside_by, record, reason, seen_at)"
                            + " VALUES (?, ?, 'a retry', ?, ?, ?, ?)",
                    other.get("id"),
                    other.get("stream"),
                    other.get("set_aside_by"),
                    other.get("record"),
                    other.get("reason"),
                    other.get("seen_at"));
            return true;
        });

        assertCounts(sync(page), 3, 0, 1, 0, 2);
        assertThat(ids()).containsExactly(3);
        assertThat(quarantine.list(STREAM, List.of()))
                .extracting(Entry::id)
                .hasSize(2)
                .contains((String) other.get("id"));
        assertThat(lastRun()).containsEntry("status", "complete");
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T00:03:00Z");
    }

    @Test
    void listShowsWhatWasSetAsideWithItsReason() throws Exception {
        sync(List.of(item(1, 1, "\"amount\": \"x\""), "{\"id\": 2}", item(3, 1, "")));
        Entry ofSink = quarantine.list(STREAM, List.of(idOf(1))).get(0);

        assertThat(quarantine.list(null, List.of())).hasSize(2);
        assertThat(quarantine.list("other", List.of())).isEmpty();
        assertThat(ofSink.reason()).isEqualTo("field amount: INT can't take \"x\": not a number");
        assertThat(ofSink.record()).isEqualTo("{\"id\":1,\"updatedAt\":\"2024-01-01T00:01:00Z\",\"amount\":\"x\"}");
        assertThat(ofSink.origin()).isEqualTo(Origin.SINK);
        assertThat(ofSink.runId()).isEqualTo(lastRun().get("run_id"));
        assertThat(quarantine.list(null, List.of()))
                .extracting(Entry::origin)
                .containsExactlyInAnyOrder(Origin.SOURCE, Origin.SINK);
    }

    @Test
    void dropRemovesByStreamAndById() throws Exception {
        sync(IntStream.rangeClosed(1, 4)
                .mapToObj(id -> item(id, 1, "\"amount\": \"x\""))
                .toList());

        assertThat(quarantine.drop("other", List.of(idOf(1)))).isZero();
        assertThat(quarantine.drop(STREAM, List.of(idOf(1)))).isEqualTo(1);
        assertThat(quarantine.drop(null, List.of(idOf(2)))).isEqualTo(1);
        assertThat(quarantine.drop(STREAM, List.of())).isEqualTo(2);
        assertThat(reasons()).isEmpty();
        assertThatThrownBy(() -> quarantine.drop(null, List.of())).hasMessageContaining("what to drop");
    }

    @Test
    void retrySavesWhatFitsNowAndLeavesTheCursorAlone() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sync(List.of(amount(1, 1, -1), amount(2, 2, 2), amount(3, 3, -3), item(4, 4, "\"amount\": \"x\"")));
        Map<String, Object> cursor = cursor();
        allow();
        Map<String, Object> run = retry();

        assertThat(run).containsEntry("status", "complete").containsEntry("pages", 1L);
        assertCounts(run, 3, 2, 0, 0, 1);
        assertThat(ids()).containsExactly(1, 2, 3);
        assertThat(value("amount", 3)).isEqualTo(-3);
        assertThat(reasons()).containsExactly("field amount: INT can't take \"x\": not a number");
        assertThat(cursor()).isEqualTo(cursor);
        assertThat(run.get("cursor_to")).isEqualTo(run.get("cursor_from")).isEqualTo(cursor.get("cursor_value"));
    }

    @Test
    void whatStillDoesNotFitStaysAsItIs() throws Exception {
        sync(List.of(item(1, 1, "\"amount\": \"x\"")));
        List<Entry> before = quarantine.list(STREAM, List.of());
        assertCounts(retry(), 1, 0, 0, 0, 1);

        assertThat(quarantine.list(STREAM, List.of())).isEqualTo(before);
    }

    @Test
    void whatDoesNotFitForAnotherReasonStaysWithThatReason() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sync(IntStream.rangeClosed(1, 30).mapToObj(id -> amount(id, 1, -id)).toList());
        allow();
        jdbc.execute("ALTER TABLE \"item\" ADD CONSTRAINT other CHECK (\"amount\" <> -7 AND \"amount\" <> -21)");
        assertCounts(retry(), 30, 28, 0, 0, 2);

        assertThat(reasons()).hasSize(2).allSatisfy(reason -> assertThat(reason).containsIgnoringCase("other"));
        assertThat(ids()).hasSize(28).doesNotContain(7, 21);
    }

    @Test
    void retryTakesTheIdsThatItIsGiven() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sync(List.of(amount(1, 1, -1), amount(2, 2, -2), amount(3, 3, -3)));
        allow();
        assertCounts(retry(idOf(1), idOf(3)), 2, 2, 0, 0, 0);

        assertThat(ids()).containsExactly(1, 3);
        assertThat(reasons()).hasSize(1);
    }

    @Test
    void retryNeverGoesOverANewerRow() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sync(List.of(amount(1, 1, -1)));
        sync(List.of(amount(1, 5, 50)));
        allow();
        assertCounts(retry(), 1, 0, 1, 0, 0);

        assertThat(value("amount", 1)).isEqualTo(50);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void ofTwoVersionsOfARecordTheLaterIsSaved() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sync(List.of(amount(1, 5, -5)));
        sync(List.of(amount(1, 4, -4)));
        allow();
        assertCounts(retry(), 2, 1, 1, 0, 0);

        assertThat(value("amount", 1)).isEqualTo(-5);
    }

    @Test
    void retryDeletesToo() throws Exception {
        sink.put("deletedField", "gone");
        sink.put("deleteMode", "hard");
        sync(List.of(amount(1, 1, 1), amount(2, 1, 2)));
        jdbc.execute("CREATE TABLE uses (item INT REFERENCES \"item\" (\"id\"))");
        jdbc.execute("INSERT INTO uses VALUES (1)");
        assertCounts(sync(List.of(item(1, 2, "\"gone\": true"), item(2, 2, "\"gone\": true"))), 2, 0, 0, 1, 1);
        jdbc.execute("DELETE FROM uses");
        assertCounts(retry(), 1, 0, 0, 1, 0);

        assertThat(ids()).isEmpty();
        assertThat(reasons()).isEmpty();
    }

    @Test
    void recordWithoutACursorStaysUntilItMayBeSavedAndThenLeavesRowsThatHaveOne() throws Exception {
        sync(List.of("{\"id\": 1, \"amount\": 1}", "{\"id\": 2, \"amount\": 2}", amount(2, 2, 20)));
        assertCounts(retry(), 2, 0, 0, 0, 2);
        source.put("onMissingCursor", "save");
        assertCounts(retry(), 2, 1, 1, 0, 0);

        assertThat(value("amount", 1)).isEqualTo(1);
        assertThat(value("amount", 2)).isEqualTo(20);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void recordThatNowHasACursorIsGuardedByIt() throws Exception {
        jdbc.execute("DROP TABLE \"item\"");
        source.put("cursorField", "at");
        String first = "{\"id\": 1, \"at\": 5, \"changed\": 3, \"amount\": 5}";
        String second = "{\"id\": 1, \"changed\": 4, \"amount\": 4}";
        sync(List.of(first, second));
        source.put("cursorField", "changed");
        assertCounts(retry(), 1, 0, 1, 0, 0);

        assertThat(value("amount", 1)).isEqualTo(5);
    }

    @Test
    void stepsOfTheStreamSeeARecordOnce() throws Exception {
        constrain("CHECK (\"amount\" < 100)");
        assertCounts(sync("doubled", List.of(amount(1, 1, 60), "{\"id\": 2, \"amount\": 70}")), 2, 0, 0, 0, 2);
        allow();
        source.put("onMissingCursor", "save");
        assertCounts(retryThrough("doubled"), 2, 2, 0, 0, 0);

        assertThat(value("amount", 1)).isEqualTo(120);
        assertThat(value("amount", 2)).isEqualTo(140);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void retryThatFailsLeavesEverythingAsItWas() throws Exception {
        sync(List.of(item(1, 1, "\"amount\": \"x\""), item(2, 1, "\"amount\": \"y\"")));
        jdbc.update("UPDATE keyset_sync_quarantine SET record = REPLACE(record, '\"x\"', '7')");
        jdbc.execute("ALTER TABLE \"item\" RENAME COLUMN \"parent\" TO \"elsewhere\"");
        List<Entry> before = quarantine.list(STREAM, List.of());
        Map<String, Object> run = retry();

        assertThat(run).containsEntry("status", "failed");
        assertThat(run.get("error")).asString().startsWith("stream item: the table");
        assertThat(quarantine.list(STREAM, List.of())).isEqualTo(before);

        jdbc.execute("ALTER TABLE \"item\" RENAME COLUMN \"elsewhere\" TO \"parent\"");
        assertCounts(retry(), 2, 1, 0, 0, 1);
        assertThat(value("amount", 1)).isEqualTo(7);
    }

    @Test
    void moreThanAPageIsTriedInSeveral() throws Exception {
        sink.put("maxQuarantined", "1200");
        constrain("CHECK (\"amount\" >= 0)");
        sync(IntStream.rangeClosed(1, 1_100).mapToObj(id -> amount(id, 1, -id)).toList());
        allow();
        Map<String, Object> run = retry();

        assertThat(run).containsEntry("pages", 3L);
        assertCounts(run, 1_100, 1_100, 0, 0, 0);
        assertThat(ids()).hasSize(1_100);
        assertThat(reasons()).isEmpty();
    }

    @Test
    void retryLeavesARunUnderWayAsItIs() throws Exception {
        jdbc.update("UPDATE keyset_sync_run SET status = 'running', ended_at = NULL");
        retry();

        assertThat(database.runs(STREAM).get(0)).containsEntry("status", "running");
    }
}
