package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table in another database schema than the connection's own; in MariaDB, in another database. */
abstract class SchemaContract {

    private static final String COLUMNS = "{\"id\": \"LONG\", \"name\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\"}";

    final TestDatabase database = database();

    /** On MariaDB's one server, another one for each test. */
    private final String schema = "Raw_" + UUID.randomUUID().toString().substring(0, 8);

    abstract TestDatabase database();

    private static String file(String schema, String table) {
        return "{\"schema\": %s, \"table\": %s, \"primary_key\": [\"id\"], \"columns\": %s}"
                .formatted(new TextNode(schema), new TextNode(table), COLUMNS);
    }

    private OwnStream stream(String table, String... parameters) throws Exception {
        return new OwnStream(database, file(schema, table), parameters);
    }

    private static String record(int id, int minute, String more) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:%02d:00Z\"%s}".formatted(id, minute, more);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private List<Map<String, Object>> rows(String schema, String table) {
        return database.jdbc()
                .queryForList("SELECT * FROM " + quoted(schema) + "." + quoted(table) + " ORDER BY \"id\"");
    }

    @Test
    void isCreatedAndNeverTakenForATableOfTheSameNameElsewhere() throws Exception {
        database.jdbc().execute("CREATE TABLE \"own\" (\"other\" INT PRIMARY KEY, \"extra\" INT NOT NULL)");
        database.jdbc().execute("INSERT INTO \"own\" VALUES (1, 2)");
        try (OwnStream stream = stream("own")) {
            assertThat(stream.table()).contains(schema, "would be created");
            assertThat(stream.sync(record(1, 1, ", \"name\": \"Ada\", \"extra\": \"x\""), record(2, 1, "")))
                    .containsEntry("status", "complete")
                    .containsEntry("upserted", 2L);
            assertThat(stream.table()).contains(schema, "exists and fits");
            stream.sync(record(1, 2, ", \"name\": \"Eve\", \"extra\": 5"));
            stream.sync(record(1, 0, ", \"name\": \"too old\""));

            assertThat(stream.newest(1).json())
                    .hasToString(
                            "[{\"id\":1,\"name\":\"Eve\",\"updatedAt\":\"2024-01-01T00:02:00Z\",\"extra\":\"5\"}]");
        }
        assertThat(rows(schema, "own")).hasSize(2).first().extracting("name").isEqualTo("Eve");
        assertThat(database.jdbc().queryForList("SELECT * FROM \"own\""))
                .containsExactly(Map.of("other", 1, "extra", 2));
    }

    @Test
    void columnsAreWidenedThere() throws Exception {
        try (OwnStream stream = stream("own")) {
            stream.sync(record(1, 1, ", \"flag\": true, \"sum\": 1.50"));
            stream.sync(record(2, 2, ", \"flag\": \"no\", \"sum\": \"much\""));
        }
        assertThat(rows(schema, "own")).extracting("flag").containsExactly("true", "no");
        assertThat(rows(schema, "own")).extracting("sum").containsExactly("1.5", "much");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft", "hard"})
    void rowsAreDeletedThere(String mode) throws Exception {
        try (OwnStream stream = stream("own", "deletedField=gone", "deleteMode=" + mode)) {
            stream.sync(record(1, 1, ", \"name\": \"Ada\""), record(2, 1, ", \"name\": \"Eve\""));

            assertThat(stream.sync(record(1, 2, ", \"gone\": true"))).containsEntry("deleted", 1L);
        }
        assertThat(rows(schema, "own")).hasSize(mode.equals("soft") ? 2 : 1);
        assertThat(rows(schema, "own")).last().extracting("name").isEqualTo("Eve");
    }

    @Test
    void recordsThatWereSetAsideGoThere() throws Exception {
        try (OwnStream stream = stream("own")) {
            assertThat(stream.sync(record(1, 1, ", \"name\": \"Ada\", \"n\": 1")))
                    .containsEntry("upserted", 1L);
        }
        database.jdbc()
                .execute("ALTER TABLE " + quoted(schema) + ".\"own\" ADD CONSTRAINT asked CHECK (\"name\" <> 'Eve')");
        try (OwnStream stream = stream("own")) {
            assertThat(stream.sync(record(2, 2, ", \"name\": \"Eve\""))).containsEntry("quarantined", 1L);
            database.jdbc().execute("ALTER TABLE " + quoted(schema) + ".\"own\" DROP CONSTRAINT asked");

            assertThat(stream.retry().total().upserted()).isEqualTo(1);
        }
        assertThat(rows(schema, "own")).extracting("name").containsExactly("Ada", "Eve");
    }

    @Test
    void namesOfAnyKindAreQuoted() throws Exception {
        String odd = schema + " a.b \"c\" `d` 'e'";
        try (OwnStream stream = new OwnStream(database, file(odd, "Own. \"t\" `x` 'y'"))) {
            stream.sync(record(1, 1, ", \"added\": 1"));
            stream.sync(record(1, 2, ", \"name\": \"Ada\", \"added\": \"x\""));
            assertThat(stream.newest(9).rows()).hasSize(1);
        }
        assertThat(rows(odd, "Own. \"t\" `x` 'y'")).extracting("name").containsExactly("Ada");
    }

    @Test
    void anotherSchemaIsAnotherTable() throws Exception {
        try (OwnStream stream = new OwnStream(
                database, "{\"table\": \"own\", \"primary_key\": [\"id\"], \"columns\": " + COLUMNS + "}")) {
            stream.sync(record(1, 1, ""));
        }
        try (OwnStream stream = stream("own")) {
            Map<String, Object> run = stream.sync(record(2, 2, ""));
            assertThat(run).containsEntry("status", "failed");
            assertThat((String) run.get("error"))
                    .contains(
                            "the table 'own', which is now '\"" + schema + "\".\"own\"'", "state keep", "state reset");

            stream.keepCursor();
            assertThat(stream.syncStatus(record(2, 2, ""))).isEqualTo("complete");
        }
        assertThat(database.jdbc().queryForObject("SELECT table_name FROM keyset_sync_cursor", String.class))
                .isEqualTo("\"" + schema + "\".\"own\"");
    }

    @Test
    void aCursorIsForgottenWithATableThatIsMissingThere() throws Exception {
        try (OwnStream stream = stream("own")) {
            stream.sync(record(1, 1, ""));
            database.jdbc().execute("DROP TABLE " + quoted(schema) + ".\"own\"");
            assertThat(stream.syncStatus(record(2, 2, ""))).isEqualTo("complete");
        }
        assertThat(rows(schema, "own")).hasSize(1);
        assertThat(database.runs("own")).anySatisfy(run -> assertThat((String) run.get("error"))
                .contains("is missing, so the cursor is forgotten"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "5", "null", "[\"raw\"]", "{}"})
    void whatIsNoNameIsRefusedInOneLine(String name) {
        assertThatThrownBy(() -> new OwnStream(
                        database,
                        "{\"schema\": %s, \"table\": \"own\", \"primary_key\": [\"id\"], \"columns\": %s}"
                                .formatted(name, COLUMNS)))
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .extracting(error -> ((ConfigurationException) error).getMessage())
                .asString()
                .contains("stream own: schema 'file:", "has " + name.replace(": ", ":") + " as its 'schema'")
                .doesNotContain("\n");
    }

    @Test
    void aNameThatTheDatabaseCannotHaveIsRefusedInOneLine() {
        String tooLong = "x".repeat(300);
        assertThatThrownBy(() -> new OwnStream(database, file(tooLong, "own")))
                .extracting(Errors::known)
                .extracting(error -> ((ConfigurationException) error).getMessage())
                .asString()
                .contains("stream own: the name 'xxx", "has more than the ")
                .doesNotContain("\n");
    }
}
