package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that say of themselves that they have been deleted. */
abstract class DeletionsContract extends SinkContract {

    private static final String GONE = "\"gone\": true";
    private static final String ADA = "\"name\": \"Ada\", \"amount\": 1";

    @BeforeEach
    void deletions() {
        sink.put("deletedField", "gone");
    }

    private void hard() {
        sink.put("deleteMode", "hard");
    }

    private List<Integer> marked() {
        return jdbc.queryForList("SELECT \"id\" FROM \"item\" WHERE \"_deleted\" ORDER BY 1", Integer.class);
    }

    @Test
    void deletionMarksItsRowAndLeavesItsValues() throws Exception {
        sync(List.of(item(1, 1, ADA), item(2, 1, ADA)));
        Map<String, Object> run = sync(List.of(item(1, 2, GONE)));

        assertCounts(run, 1, 0, 0, 1, 0);
        assertThat(marked()).containsExactly(1);
        assertThat(value("name", 1)).isEqualTo("Ada");
        assertThat(value("amount", 1)).isEqualTo(1);
    }

    @Test
    void deletionTakesTheValuesThatItHas() throws Exception {
        sync(List.of(item(1, 1, ADA)));
        sync(List.of(item(1, 2, GONE + ", \"name\": null, \"amount\": 5")));

        assertThat(value("name", 1)).isEqualTo("Ada");
        assertThat(value("amount", 1)).isEqualTo(5);
    }

    @Test
    void hardDeletionRemovesItsRow() throws Exception {
        hard();
        sync(List.of(item(1, 1, ADA), item(2, 1, ADA), item(3, 1, ADA)));
        Map<String, Object> run = sync(List.of(item(1, 2, GONE), item(3, 1, GONE), item(4, 2, ADA)));

        assertCounts(run, 3, 1, 0, 2, 0);
        assertThat(ids()).containsExactly(2, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft", "hard"})
    void deletionThatComesAgainIsUnchanged(String mode) throws Exception {
        sink.put("deleteMode", mode);
        sync(List.of(item(1, 1, ADA)));
        sync(List.of(item(1, 2, GONE)));

        assertCounts(sync(List.of(item(1, 2, GONE))), 1, 0, 1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "\"true\"",
                "\"2024-01-01T00:00:00Z\"",
                "\"2024-01-01 00:00:00.5+02:00\"",
                "\"2024-01-01\"",
                "1704067200",
                "\"1704067200000\"",
                "1"
            })
    void trueOrATimeIsADeletion(String value) throws Exception {
        sync(List.of(item(1, 1, ADA)));

        assertCounts(sync(List.of(item(1, 2, "\"gone\": " + value))), 1, 0, 0, 1, 0);
        assertThat(marked()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "\"false\"", "null", "\"\"", "0", "\"0\""})
    void whatSaysThatItIsNotDeletedIsNoDeletion(String value) throws Exception {
        assertCounts(sync(List.of(item(1, 1, "\"gone\": " + value), item(2, 1, ""))), 2, 2, 0, 0, 0);
        assertThat(marked()).isEmpty();
        assertThat(value("_deleted", 1)).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"maybe\"", "\"True\"", "1.5", "{}", "[true]", "\"2024-02-30\""})
    void anythingElseSetsTheRecordAside(String value) throws Exception {
        sync(List.of(item(1, 1, ADA)));
        Map<String, Object> run = sync(List.of(item(1, 2, "\"gone\": " + value + ", \"amount\": 5")));

        assertCounts(run, 1, 0, 0, 0, 1);
        assertThat(reasons())
                .containsExactly("field gone: a deletion can't take " + value + ": neither true, false, nor a time");
        assertThat(value("amount", 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            textBlock =
                    """
                    state=cancelled      | {"state": "cancelled"}
                    a.state = cancelled  | {"a": {"state": "cancelled"}}
                    ['a=b']=x=y          | {"a=b": "x=y"}
                    ['a=b']              | {"a=b": true}
                    state=9              | {"state": 9}
                    state=false          | {"state": false}
                    """,
            delimiter = '|')
    void aValueThatIsNamedIsADeletion(String deletedField, String deleted) throws Exception {
        sink.put("deletedField", deletedField);
        sink.put("drift", "ignore");
        sync(List.of(item(1, 1, ADA), item(2, 1, ADA)));
        String state = deleted.substring(1, deleted.length() - 1);
        Map<String, Object> run = sync(List.of(
                item(1, 2, state), item(2, 2, "\"state\": \"confirmed\", \"a\": null"), item(3, 2, "\"state\": null")));

        assertCounts(run, 3, 2, 0, 1, 0);
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void aValueThatIsNotWrittenIsRefused() {
        sink.put("deletedField", "state=");

        assertThatThrownBy(() -> sync(List.of(item(1, 1, ADA))))
                .rootCause()
                .hasMessage("stream item: parameter deletedField 'state=' needs a value after =, as in"
                        + " status=cancelled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024", "20240131", "\"20240131101500\""})
    void compactDateSetsTheRecordAside(String value) throws Exception {
        sync(List.of(item(1, 1, ADA)));

        assertCounts(sync(List.of(item(1, 2, "\"gone\": " + value))), 1, 0, 0, 0, 1);
        assertThat(reasons())
                .containsExactly(
                        "field gone: a deletion can't take " + value + ": looks like a compact date, not an epoch");
        assertThat(marked()).isEmpty();
    }

    @Test
    void recordThatReturnsIsNoLongerMarked() throws Exception {
        sync(List.of(item(1, 1, ADA)));
        sync(List.of(item(1, 2, GONE)));
        Map<String, Object> run = sync(List.of(item(1, 3, ADA)));

        assertCounts(run, 1, 1, 0, 0, 0);
        assertThat(marked()).isEmpty();
        assertThat(value("_deleted", 1)).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft", "hard"})
    void oldDeletionLeavesANewerRow(String mode) throws Exception {
        sink.put("deleteMode", mode);
        sync(List.of(item(1, 5, ADA)));

        assertCounts(sync(List.of(item(1, 4, GONE))), 1, 0, 1, 0, 0);
        assertThat(jdbc.queryForList("SELECT \"name\" FROM \"item\"", String.class))
                .containsExactly("Ada");
        assertThat(mode.equals("hard") ? List.of() : marked()).isEmpty();
    }

    @Test
    void oldRecordDoesNotBringBackADeletedOne() throws Exception {
        sync(List.of(item(1, 1, ADA)));
        sync(List.of(item(1, 5, GONE)));

        assertCounts(sync(List.of(item(1, 4, "\"amount\": 7"))), 1, 0, 1, 0, 0);
        assertThat(marked()).containsExactly(1);
        assertThat(value("amount", 1)).isEqualTo(1);
    }

    @Test
    void laterDeletionOfADeletedRowBlocksVersionsInBetween() throws Exception {
        sync(List.of(item(1, 1, ADA)));
        sync(List.of(item(1, 5, GONE)));
        sync(List.of(item(1, 9, GONE)));

        assertCounts(sync(List.of(item(1, 7, ADA))), 1, 0, 1, 0, 0);
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void deletionOfAnUnknownKeyIsARowThatIsMarked() throws Exception {
        assertCounts(sync(List.of(item(1, 5, GONE))), 1, 0, 0, 1, 0);
        assertThat(marked()).containsExactly(1);

        assertCounts(sync(List.of(item(1, 4, ADA))), 1, 0, 1, 0, 0);
        assertThat(value("name", 1)).isNull();
    }

    @Test
    void hardDeletionOfAnUnknownKeyChangesNothing() throws Exception {
        hard();
        assertCounts(sync(List.of(item(1, 5, GONE))), 1, 0, 1, 0, 0);
        assertThat(ids()).isEmpty();
    }

    @Test
    void deletionNeedsNoRequiredValuesOfAnExistingRow() throws Exception {
        sync(List.of(item(1, 1, ADA)));
        requireValue("name");
        Map<String, Object> run = sync(List.of(item(1, 2, GONE), item(2, 2, GONE)));

        assertCounts(run, 2, 0, 0, 1, 1);
        assertThat(marked()).containsExactly(1);
        assertThat(value("name", 1)).isEqualTo("Ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft", "hard"})
    void ofOneKeyInAPageTheLaterCursorWinsThenTheLaterInThePage(String mode) throws Exception {
        sink.put("deleteMode", mode);
        Map<String, Object> run = sync(List.of(
                item(1, 1, ADA),
                item(1, 2, GONE),
                item(2, 2, GONE),
                item(2, 1, ADA),
                item(3, 1, GONE),
                item(3, 2, ADA),
                item(4, 1, GONE),
                item(4, 1, ADA),
                item(5, 1, ADA),
                item(5, 1, GONE)));

        if (mode.equals("soft")) {
            assertCounts(run, 10, 2, 5, 3, 0);
            assertThat(marked()).containsExactly(1, 2, 5);
            assertThat(jdbc.queryForList("SELECT DISTINCT \"name\" FROM \"item\"", String.class))
                    .as("what a deletion doesn't say is as if it had come in the next page")
                    .containsExactly("Ada");
        } else {
            assertCounts(run, 10, 2, 8, 0, 0);
            assertThat(ids()).containsExactly(3, 4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft", "hard"})
    void fieldThatDoesNotFitLosesNoDeletion(String mode) throws Exception {
        sink.put("deleteMode", mode);
        sync(List.of(item(1, 1, ADA), item(2, 1, ADA)));
        Map<String, Object> run = sync(List.of(
                item(1, 2, GONE + ", \"amount\": \"none\""), "{\"id\": \"x\", \"updatedAt\": 9, " + GONE + "}"));

        assertCounts(run, 2, 0, 0, 1, 1);
        assertThat(reasons()).containsExactly("field id: INT can't take \"x\": not a number");
        assertThat(mode.equals("hard") ? ids() : marked()).containsExactly(mode.equals("hard") ? 2 : 1);
    }

    @Test
    void deletionWithoutACursorLeavesARowThatHasOne() throws Exception {
        source.put("onMissingCursor", "save");
        sync(List.of(item(1, 1, ADA), "{\"id\": 2, " + ADA + "}"));
        Map<String, Object> run = sync(List.of("{\"id\": 1, " + GONE + "}", "{\"id\": 2, " + GONE + "}"));

        assertCounts(run, 2, 0, 1, 1, 0);
        assertThat(marked()).containsExactly(2);
    }

    @Test
    void existingTableGetsTheDeletionColumnAndItsRowsStayAsTheyAre() throws Exception {
        sink.clear();
        sync(List.of(item(1, 1, ADA), item(2, 2, ADA)));
        sink.put("deletedField", "state.gone");
        Map<String, Object> run = sync(List.of(item(2, 2, ADA), item(1, 3, "\"state\": {" + GONE + "}")));

        assertCounts(run, 2, 0, 1, 1, 0);
        assertThat(marked()).containsExactly(1);
        assertThat(value("_deleted", 2)).isEqualTo(false);
    }

    @Test
    void deletionIsGuardedByASeparateColumnIfTheSchemaHasNone() throws Exception {
        source.put("cursorField", "at");
        sync(List.of("{\"id\": 1, \"at\": 5, " + ADA + "}"));

        assertCounts(sync(List.of("{\"id\": 1, \"at\": 4, " + GONE + "}")), 1, 0, 1, 0, 0);
        assertCounts(sync(List.of("{\"id\": 1, \"at\": 6, " + GONE + "}")), 1, 0, 0, 1, 0);
        assertCounts(sync(List.of("{\"id\": 1, \"at\": 5, " + ADA + "}")), 1, 0, 1, 0, 0);
        assertThat(marked()).containsExactly(1);
    }

    @Test
    void deletionThatTheDatabaseRefusesIsSetAsideAlone() throws Exception {
        hard();
        sync(IntStream.rangeClosed(1, 50).mapToObj(id -> item(id, 1, ADA)).toList());
        jdbc.execute("CREATE TABLE uses (item INT REFERENCES \"item\" (\"id\"))");
        jdbc.execute("INSERT INTO uses VALUES (30)");
        Map<String, Object> run = sync(
                IntStream.rangeClosed(11, 50).mapToObj(id -> item(id, 2, GONE)).toList());

        assertCounts(run, 40, 0, 0, 39, 1);
        assertThat(ids()).hasSize(11).contains(30);
        assertThat(reasons())
                .singleElement()
                .asString()
                .startsWith("the database: ")
                .containsIgnoringCase("uses");
    }

    @Test
    void rowMayTakeOverAUniqueValueOfADeletedOne() throws Exception {
        hard();
        sync(List.of(item(9, 1, ADA)));
        jdbc.execute("ALTER TABLE \"item\" ADD CONSTRAINT one_name UNIQUE (\"name\")");

        assertCounts(sync(List.of(item(1, 2, ADA), item(9, 2, GONE))), 2, 1, 0, 1, 0);
        assertThat(ids()).containsExactly(1);
    }

    @Test
    void partsOfAPageDeleteToo() throws Exception {
        sync(IntStream.rangeClosed(1, 30).mapToObj(id -> item(id, 1, ADA)).toList());
        Map<String, Object> run = sync(
                "thirds",
                IntStream.rangeClosed(1, 30)
                        .mapToObj(id -> item(id, 2, id % 3 == 0 ? GONE : ADA))
                        .toList());

        assertCounts(run, 30, 20, 0, 10, 0);
        assertThat(marked()).hasSize(10).contains(3, 30);
    }

    private static String nested(int id, int minute, boolean deleted) {
        return "{\"id\": %d, \"meta\": {\"updated\": \"2024-01-01T00:%02d:00Z\", \"deleted\": %s}}"
                .formatted(id, minute, deleted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ignore", "quarantine", "fail"})
    void fieldThatHoldsCursorAndFlagNeedsNoColumn(String drift) throws Exception {
        source.put("cursorField", "meta.updated");
        sink.put("deletedField", "meta.deleted");
        sink.put("drift", drift);

        assertCounts(sync(List.of(nested(1, 1, false), nested(2, 2, false))), 2, 2, 0, 0, 0);
        assertCounts(sync(List.of(nested(2, 2, false), nested(1, 3, true))), 2, 0, 1, 1, 0);
        assertThat(marked()).containsExactly(1);
        assertThat(jdbc.queryForMap("SELECT * FROM \"item\" WHERE \"id\" = 1"))
                .containsOnlyKeys("id", "name", "amount", "parent", "updatedAt", "_cursor", "_deleted");
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T00:03:00Z");
    }

    @Test
    void fieldThatHoldsCursorAndFlagGetsAColumnIfFieldsGetAny() throws Exception {
        source.put("cursorField", "meta.updated");
        sink.put("deletedField", "meta.deleted");

        assertCounts(sync(List.of(nested(1, 1, false))), 1, 1, 0, 0, 0);
        assertThat(jdbc.queryForObject("SELECT \"meta\" FROM \"item\"", String.class)
                        .replaceAll("\\s", ""))
                .contains("\"updated\":\"2024-01-01T00:01:00Z\"", "\"deleted\":false");
    }

    @Test
    void otherFieldsBesideThoseOfTheFlowStillSetTheRecordAside() throws Exception {
        source.put("cursorField", "meta.updated");
        sink.put("deletedField", "meta.deleted");
        sink.put("drift", "quarantine");

        assertCounts(sync(List.of(nested(1, 1, false).replace("{\"id\"", "{\"x\": 1, \"id\""))), 1, 0, 0, 0, 1);
        assertThat(reasons()).containsExactly("field x: the schema has no such column");
    }

    @Test
    void schemaMustNotUseTheDeletionColumnsName() {
        sink.put("schema", "classpath:deleted.schema.json");

        assertThatThrownBy(() -> sync(List.of()))
                .hasRootCauseInstanceOf(ConfigurationException.class)
                .rootCause()
                .hasMessage("stream item: schema 'classpath:deleted.schema.json' has a column '_deleted', which marks"
                        + " deleted rows; rename it, or set deleteMode to hard");
    }

    @Test
    void unknownModeIsRefusedAtStart() {
        sink.put("deleteMode", "medium");

        assertThatThrownBy(() -> sync(List.of()))
                .rootCause()
                .hasMessage("stream item: parameter deleteMode 'medium' must be one of soft, hard");
    }
}
