package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.Errors;
import io.keysetsync.run.StreamRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which values are cursors, and which version of a row is the newer one, for every kind of cursor column. */
abstract class CursorColumnContract extends SinkContract {

    @TempDir
    private @Nullable Path files;

    private void columns(String columns) throws Exception {
        Path file = Files.writeString(
                files.resolve("item.schema.json"),
                "{\"table\": \"item\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\", \"name\": \"STRING\", "
                        + columns + "}}");
        sink.put("schema", "file:" + file);
    }

    private static String version(String name, String cursor) {
        return "{\"id\": 1, \"name\": \"%s\", \"updatedAt\": %s}".formatted(name, cursor);
    }

    private @Nullable String cursor() {
        return jdbc.queryForObject("SELECT cursor_value FROM keyset_sync_cursor WHERE stream = 'item'", String.class);
    }

    // Compact dates

    @Test
    void compactDatesAreNotCursorsAndSetTheirRecordsAside() throws Exception {
        Map<String, Object> run = sync(List.of(
                version("a", "\"20240131\""),
                version("b", "20240131101500"),
                version("c", "20240131.0"),
                version("d", "2024")));

        assertCounts(run, 4, 0, 0, 0, 4);
        assertThat(run).containsEntry("status", "complete");
        String reason = ", which looks like a compact date, not an epoch";
        assertThat(reasons())
                .containsExactlyInAnyOrder(
                        "field updatedAt: the cursor is no time: \"20240131\"" + reason,
                        "field updatedAt: the cursor is no time: 20240131101500" + reason,
                        "field updatedAt: the cursor is no time: 20240131.0" + reason,
                        "field updatedAt: the cursor is no time: 2024" + reason);
    }

    @Test
    void neverIsSavedAndDoesNotMoveTheCursor() throws Exception {
        sync(List.of(item(1, 1, ""), item(2, 2, "").replace("\"2024-01-01T00:02:00Z\"", "253402300799")));

        assertThat(ids()).containsExactly(1, 2);
        assertThat(cursor()).isEqualTo("2024-01-01T00:01:00Z");
        assertThat(jdbc.queryForObject(
                        "SELECT CAST(\"updatedAt\" AS DATE) FROM \"item\" WHERE \"id\" = 2", String.class))
                .isEqualTo("9999-12-31");
    }

    @Test
    void initialCursorThatIsACompactDateFailsTheStart() {
        source.put("initialCursor", "20240131");

        assertThatThrownBy(() -> running("")).satisfies(error -> assertThat(Errors.known(error))
                .hasMessage("stream item: parameter initialCursor '20240131' must be a time such as"
                        + " 2024-01-31T00:00:00Z, or an epoch number; it looks like a compact date, not an epoch"));
    }

    @Test
    void compactDateCannotBeSetAsACursor() throws Exception {
        sync(List.of(item(1, 1, "")));
        assertThatThrownBy(() -> StreamRegistry.of(running("")).storeOf(STREAM).changeCursor(STREAM, "20240131"))
                .hasMessage("stream item: cursor '20240131' must be a time such as 2024-01-31T00:00:00Z, or an epoch"
                        + " number; it looks like a compact date, not an epoch");
        assertThat(cursor()).isEqualTo("2024-01-01T00:01:00Z");
    }

    // Numbers

    private @Nullable Object name() {
        return value("name", 1);
    }

    @Test
    void numbersAreComparedAsInstantsWhenTheApiChangesItsUnit() throws Exception {
        columns("\"updatedAt\": \"LONG\"");
        sync(List.of(version("milliseconds", "1704067200000")));

        assertCounts(sync(List.of(version("older", "1704067199"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("milliseconds");
        assertCounts(sync(List.of(version("seconds", "1704067201"))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("seconds");
        assertCounts(sync(List.of(version("older", "1704067200999"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("seconds");
        assertCounts(sync(List.of(version("same", "1704067201000"))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("same");
        assertCounts(sync(List.of(version("never", "253402300799"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("older", "1704067202000"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("never");
    }

    @Test
    void numbersBefore1970AreComparedAsInstantsAsWell() throws Exception {
        columns("\"updatedAt\": \"LONG\"");
        sync(List.of(version("milliseconds", "-100000000000")));

        assertCounts(sync(List.of(version("older", "-100000001"))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("seconds", "-99999999"))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("seconds");
    }

    @Test
    void deletionsAreComparedAsInstantsWhenTheApiChangesItsUnit() throws Exception {
        columns("\"updatedAt\": \"LONG\"");
        sink.put("deletedField", "gone");
        sink.put("deleteMode", "hard");
        sync(List.of(version("milliseconds", "1704067200000")));
        assertCounts(sync(List.of(version("", "1704067199, \"gone\": true"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("milliseconds");
        assertCounts(sync(List.of(version("", "1704067201, \"gone\": true"))), 1, 0, 0, 1, 0);
        assertThat(ids()).isEmpty();
    }

    /** It is saved if that is wanted, and replaced by the next version; it would hold off every one as a number. */
    @Test
    void numberThatIsNoTimeBlocksNoVersion() throws Exception {
        columns("\"updatedAt\": \"LONG\"");
        source.put("onMissingCursor", "save");
        sync(List.of(version("beyond", "9223372036854775807")));
        assertCounts(sync(List.of(version("least", "-9223372036854775808"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("time", "1704067200"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("beyond", "9223372036854775807"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("time");
    }

    @Test
    void secondsInAnIntAreComparedAsInstants() throws Exception {
        columns("\"updatedAt\": \"INT\"");
        sync(List.of(version("first", "1704067200")));

        assertCounts(sync(List.of(version("older", "1704067199"))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("newer", "2147483647"))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("newer");
    }

    @Test
    void localTimesAreComparedAsInstants() throws Exception {
        columns("\"updatedAt\": \"NAIVE_DATETIME\"");
        sync(List.of(version("first", "\"2024-01-02\"")));

        assertCounts(sync(List.of(version("older", "\"2024-01-01T23:59:59.999999\""))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("zoned", "\"2024-01-03T00:00:00Z\""))), 1, 0, 0, 0, 1);
        assertCounts(sync(List.of(version("newer", "\"2024-01-02 00:00:00,000001\""))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("newer");
    }

    // Paths

    @Test
    void columnOfThePathsVeryNameIsNotTheCursors() throws Exception {
        columns("\"meta.updated\": \"UTC_DATETIME\"");
        source.put("cursorField", "meta.updated");
        sink.put("drift", "ignore");
        String record =
                "{\"id\": 1, \"name\": \"%s\", \"meta\": {\"updated\": \"2024-01-0%d\"}, \"meta.updated\": \"2020-01-0%d\"}";
        sync(List.of(record.formatted("newer", 2, 1)));

        assertCounts(sync(List.of(record.formatted("older", 1, 2))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("newer");
        assertThat(jdbc.queryForObject("SELECT CAST(\"_cursor\" AS DATE) FROM \"item\"", String.class))
                .isEqualTo("2024-01-02");
        assertThat(jdbc.queryForObject("SELECT CAST(\"meta.updated\" AS DATE) FROM \"item\"", String.class))
                .isEqualTo("2020-01-01");
    }
}
