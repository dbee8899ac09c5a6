package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.Errors;
import io.keysetsync.run.StreamRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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

    @Test
    void secondsMillisecondsAndMicrosecondsAreComparedAsInstants() throws Exception {
        columns("\"updatedAt\": \"LONG\"");
        sync(List.of(version("microseconds", "1704067200000001")));

        assertCounts(sync(List.of(version("older", "1704067200000"))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("older", "1704067200"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("microseconds");
        assertCounts(sync(List.of(version("milliseconds", "1704067200001"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("older", "1704067200000999"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("milliseconds");
        assertCounts(sync(List.of(version("seconds", "1704067201"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("last", "253402300799999999"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("older", "253402300799"))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("last");
    }

    // Notations that a column can't compare, or that its type would read otherwise

    private @Nullable Object ownCursor() {
        return jdbc.queryForObject("SELECT TRIM(CAST(\"_cursor\" AS CHAR(40))) FROM \"item\"", String.class);
    }

    @Test
    void timesInATextColumnAreComparedAsInstants() throws Exception {
        columns("\"updatedAt\": \"STRING\"");
        source.put("futureTolerance", "P10000D");
        sync(List.of(version("mail", "\"Thu, 29 Feb 2024 12:00:00 GMT\"")));

        assertThat(ownCursor()).asString().startsWith("2024-02-29 12:00:00");
        assertCounts(sync(List.of(version("older", "1709207999.999999"))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("older", "\"2024-02-29T13:59:59+02:00\""))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("mail");
        assertCounts(sync(List.of(version("decimals", "1709208000.000001"))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("older", "\"/Date(1709208000000+0000)/\""))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("zulu", "\"2024-02-29T12:00:00.5Z\""))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("dot-net", "\"/Date(1709208000501)/\""))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("dot-net");
        assertThat(value("updatedAt", 1)).isEqualTo("/Date(1709208000501)/");
        assertThat(cursor()).isEqualTo("/Date(1709208000501)/");
    }

    private @Nullable Instant stored() {
        return jdbc.queryForObject(
                "SELECT \"updatedAt\" FROM \"item\"", (row, i) -> database.instant(row, "updatedAt"));
    }

    @Test
    void timesOfAStreamsZoneAreStoredAsTheInstantsThatTheyMean() throws Exception {
        source.put("cursorZone", "America/New_York");
        sync(List.of(version("summer", "\"2024-11-03T01:30:00\"")));

        assertThat(stored()).isEqualTo("2024-11-03T05:30:00Z");
        assertCounts(sync(List.of(version("older", "\"2024-11-03T05:29:59Z\""))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("newer", "\"2024-11-03T02:00:00\""))), 1, 1, 0, 0, 0);
        assertThat(stored()).isEqualTo("2024-11-03T07:00:00Z");
        assertThat(cursor()).isEqualTo("2024-11-03T02:00:00");
    }

    @Test
    void patternMakesACompactDateACursor() throws Exception {
        columns("\"updatedAt\": \"LONG\"");
        source.put("cursorFormat", "yyyyMMddHHmmss");
        source.put("cursorZone", "Europe/Berlin");
        source.put("initialCursor", "20200101000000");
        sync(List.of(version("first", "20240131101500")));

        assertThat(ownCursor()).asString().startsWith("2024-01-31 09:15:00");
        assertCounts(sync(List.of(version("older", "20240131101459"))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("newer", "20240131101501"))), 1, 1, 0, 0, 0);
        assertThat(name()).isEqualTo("newer");
        assertThat(cursor()).isEqualTo("20240131101501");
    }

    // Cursors that are numbers

    private void numbers() {
        source.put("cursorType", "number");
        source.put("initialCursor", "0");
    }

    @Test
    void numbersOfASequenceAreComparedAsIntegers() throws Exception {
        numbers();
        for (String type : List.of("LONG", "DECIMAL(20,0)")) {
            columns("\"updatedAt\": \"" + type + "\"");
            jdbc.execute("DROP TABLE IF EXISTS \"item\"");
            sync(List.of(version("first", "9007199254740993")));

            assertCounts(sync(List.of(version("older", "9007199254740992"))), 1, 0, 1, 0, 0);
            assertCounts(sync(List.of(version("older", "\"1704067200000\""))), 1, 0, 1, 0, 0);
            assertCounts(sync(List.of(version("newer", "9007199254740994"))), 1, 1, 0, 0, 0);
            assertCounts(sync(List.of(version("beyond", "9223372036854775807"))), 1, 1, 0, 0, 0);
            assertThat(name()).as(type).isEqualTo("beyond");
            assertThat(cursor()).isEqualTo("9223372036854775807");
            jdbc.update("DELETE FROM keyset_sync_cursor");
        }
    }

    @Test
    void numbersThatNoColumnComparesGetOneOfTheirOwn() throws Exception {
        numbers();
        columns("\"updatedAt\": \"STRING\"");
        sync(List.of(version("first", "\"9\"")));

        assertCounts(sync(List.of(version("newer", "\"10\""))), 1, 1, 0, 0, 0);
        assertCounts(sync(List.of(version("older", "\"9.0\""))), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of(version("most", "9".repeat(38)))), 1, 1, 0, 0, 0);
        assertThat(ownCursor()).isEqualTo("9".repeat(38));
        assertCounts(sync(List.of(version("too long", "1" + "0".repeat(38)))), 1, 0, 0, 0, 1);
        assertCounts(sync(List.of(version("no integer", "1.5"))), 1, 0, 0, 0, 1);
        assertThat(name()).isEqualTo("most");
        assertThat(reasons())
                .containsExactly(
                        "field updatedAt: DECIMAL(38,0) can't take 1" + "0".repeat(38)
                                + ": has more digits than the column",
                        "field updatedAt: the cursor is no integer: 1.5");
    }

    @Test
    void timeCannotBeSetAsACursorOfANumber() throws Exception {
        numbers();
        columns("\"updatedAt\": \"LONG\"");
        sync(List.of(version("first", "5")));

        assertThatThrownBy(() ->
                        StreamRegistry.of(running("")).storeOf(STREAM).changeCursor(STREAM, "2024-01-31T00:00:00Z"))
                .hasMessage("stream item: cursor '2024-01-31T00:00:00Z' must be an integer");
        StreamRegistry.of(running("")).storeOf(STREAM).changeCursor(STREAM, "4");
        assertThat(cursor()).isEqualTo("4");
    }

    // Cursors that are texts

    @Test
    void textsAreComparedByCodePoints() throws Exception {
        source.put("cursorType", "text");
        source.put("initialCursor", "");
        for (String type : List.of("STRING", "JSON")) {
            columns("\"updatedAt\": \"" + type + "\"");
            jdbc.execute("DROP TABLE IF EXISTS \"item\"");
            sync(List.of(version("upper", "\"01HQB\"")));

            assertCounts(sync(List.of(version("older", "\"01HQA\""))), 1, 0, 1, 0, 0);
            assertCounts(sync(List.of(version("lower", "\"01HQa\""))), 1, 1, 0, 0, 0);
            assertCounts(sync(List.of(version("older", "\"01HQB\""))), 1, 0, 1, 0, 0);
            assertCounts(sync(List.of(version("longer", "\"01HQa \""))), 1, 1, 0, 0, 0);
            assertCounts(sync(List.of(version("older", "\"01HQa\""))), 1, 0, 1, 0, 0);
            assertCounts(sync(List.of(version("wide", "\"\uFF5E\""))), 1, 1, 0, 0, 0);
            assertCounts(sync(List.of(version("face", "\"\uD83D\uDE00\""))), 1, 1, 0, 0, 0);
            assertCounts(sync(List.of(version("older", "\"\uFF5E\""))), 1, 0, 1, 0, 0);
            assertThat(name()).as(type).isEqualTo("face");
            assertThat(cursor()).isEqualTo("\uD83D\uDE00");
            jdbc.update("DELETE FROM keyset_sync_cursor");
        }
    }

    @Test
    void deletionsAreComparedByCodePointsAsWell() throws Exception {
        source.put("cursorType", "text");
        source.put("initialCursor", "");
        columns("\"updatedAt\": \"STRING\"");
        sink.put("deletedField", "gone");
        sink.put("deleteMode", "hard");
        sync(List.of(version("first", "\"\uD83D\uDE00\"")));

        assertCounts(sync(List.of(version("", "\"\uFF5E\", \"gone\": true"))), 1, 0, 1, 0, 0);
        assertThat(ids()).containsExactly(1);
        assertCounts(sync(List.of(version("", "\"\uD83D\uDE01\", \"gone\": true"))), 1, 0, 0, 1, 0);
        assertThat(ids()).isEmpty();
    }

    // A stream that changes its type

    @Test
    void ownColumnOfAnotherTypeFailsTheStart() throws Exception {
        columns("\"updatedAt\": \"STRING\"");
        sync(List.of(version("first", "\"2024-01-01T00:00:00Z\"")));
        numbers();

        assertThatThrownBy(() -> running("")).satisfies(error -> assertThat(Errors.known(error))
                .hasMessageStartingWith("stream item: the table ")
                .hasMessageContaining("has its column ")
                .hasMessageContaining("_cursor")
                .hasMessageContaining(", and the stream's cursors need ")
                .hasMessageContaining("DROP COLUMN"));
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

    @Test
    void quotedNameWithADotIsAColumnLikeAnyOther() throws Exception {
        columns("\"meta.updated\": \"UTC_DATETIME\"");
        source.put("cursorField", "RAW(['meta.updated'])");
        String record = "{\"id\": 1, \"name\": \"%s\", \"meta.updated\": \"2024-01-0%d\"}";
        sync(List.of(record.formatted("newer", 2)));

        assertCounts(sync(List.of(record.formatted("older", 1))), 1, 0, 1, 0, 0);
        assertThat(name()).isEqualTo("newer");
        assertThat(jdbc.queryForList("SELECT * FROM \"item\"").get(0)).doesNotContainKey("_cursor");
    }
}
