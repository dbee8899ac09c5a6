package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code columnNames: snake}: fields as the API names them, columns as a warehouse does. */
abstract class ColumnNamesContract {

    private static final String SNAKE = "columnNames=snake";

    private static final String SCHEMA =
            """
            {"table": "own", "primary_key": ["orderId"], "columns": {"orderId": "LONG", "firstName": "STRING",
             "updatedAt": "UTC_DATETIME"}}""";

    final TestDatabase database = database();

    abstract TestDatabase database();

    private static String record(int id, int minute, String more) {
        return "{\"orderId\": %d, \"updatedAt\": \"2024-01-01T00:%02d:00Z\"%s}".formatted(id, minute, more);
    }

    private List<Map<String, Object>> rows() {
        return database.jdbc().queryForList("SELECT * FROM \"own\" ORDER BY \"order_id\"");
    }

    @Test
    void fieldsOfTheSchemaAndOthersGetColumnsInSnakeCase() throws Exception {
        try (OwnStream stream =
                new OwnStream(database, SCHEMA, SNAKE, "deletedField=isGone", "syncedAtColumn=syncedAt")) {
            stream.sync(
                    record(1, 1, ", \"firstName\": \"Ada\", \"homeTown.zipCode\": \"x\", \"HTTPStatus\": 200"),
                    record(2, 1, ", \"firstName\": \"Eve\""));
            stream.sync(record(1, 2, ", \"firstName\": \"Ann\", \"HTTPStatus\": \"none\""));
            stream.sync(record(1, 0, ", \"firstName\": \"too old\""));
            stream.sync(record(2, 3, ", \"isGone\": true"));

            assertThat(stream.newest(1).json().get(0).get("first_name").textValue())
                    .isEqualTo("Eve");
        }
        assertThat(rows().get(0).keySet())
                .containsExactlyInAnyOrder(
                        "order_id",
                        "first_name",
                        "updated_at",
                        "_deleted",
                        "syncedAt",
                        "home_town_zip_code",
                        "http_status");
        assertThat(rows()).extracting("first_name").containsExactly("Ann", "Eve");
        assertThat(rows()).extracting("http_status").containsExactly("none", null);
        assertThat(database.jdbc().queryForObject("SELECT key_columns FROM keyset_sync_cursor", String.class))
                .isEqualTo("order_id");
    }

    @Test
    void twoFieldsOfTheSchemaThatWouldBecomeOneColumnAreRefused() {
        assertThatThrownBy(() -> new OwnStream(
                        database,
                        "{\"table\": \"own\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"LONG\", \"createdAt\":"
                                + " \"STRING\", \"created_at\": \"STRING\"}}",
                        SNAKE))
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .extracting(error -> ((ConfigurationException) error).getMessage())
                .isEqualTo("stream own: parameter columnNames 'snake' would make one column 'created_at' of the fields"
                        + " 'createdAt' and 'created_at'; rename one of them, or set it to same");
    }

    @Test
    void aFieldWhoseColumnIsTakenLosesNothing() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, SNAKE)) {
            stream.sync(record(
                    1, 1, ", \"firstName\": \"Ada\", \"first_name\": \"A.\", \"newField\": 1, \"new_field\": 2"));
            stream.sync(record(2, 1, ", \"first_name\": \"E.\", \"new_field\": 4, \"newField\": 3"));
        }
        try (OwnStream stream = new OwnStream(database, SCHEMA, SNAKE)) {
            stream.sync(record(3, 1, ", \"new_field\": 6, \"newField\": 5"));
        }
        assertThat(rows()).extracting("first_name").containsExactly("Ada", null, null);
        assertThat(values("first_name_")).containsExactly("A.", "E.", null);
        assertThat(rows()).extracting("new_field").containsExactly(1, 3, 5);
        assertThat(values("new_field_")).containsExactly(2, 4, 6);
    }

    private List<Object> values(String prefix) {
        String column = rows().get(0).keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .findFirst()
                .orElseThrow();
        return rows().stream().map(row -> row.get(column)).toList();
    }

    @Test
    void reasonsNameFieldsAndARetryFindsTheirColumns() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, SNAKE)) {
            assertThat(stream.sync(record(1, 1, ", \"firstName\": \"Ada\""))).containsEntry("upserted", 1L);
            assertThat(stream.sync("{\"orderId\": \"x\", \"updatedAt\": \"2024-01-01T00:02:00Z\"}"))
                    .containsEntry("quarantined", 1L);
        }
        assertThat(database.jdbc().queryForObject("SELECT reason FROM keyset_sync_quarantine", String.class))
                .startsWith("field orderId: ");
        database.jdbc()
                .update("UPDATE keyset_sync_quarantine SET record ="
                        + " '{\"orderId\": 2, \"firstName\": \"Eve\", \"updatedAt\": \"2024-01-01T00:02:00Z\"}'");
        try (OwnStream stream = new OwnStream(database, SCHEMA, SNAKE)) {
            assertThat(stream.retry().total().upserted()).isEqualTo(1);
        }
        assertThat(rows()).extracting("first_name").containsExactly("Ada", "Eve");
    }
}
