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

/** Which values are cursors, and which version of a row is the newer one, whatever the column of its cursor. */
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
    void compactDatesAreNoCursorsAndSetTheirRecordsAside() throws Exception {
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
                .hasMessage("stream item: cursor '20240131' is neither a time such as 2024-01-31T00:00:00Z nor an epoch"
                        + " number; it looks like a compact date, not an epoch");
        assertThat(cursor()).isEqualTo("2024-01-01T00:01:00Z");
    }
}
