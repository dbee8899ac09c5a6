package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A PostgreSQL whose encoding has fewer characters than the API. */
class PostgreSqlEncodingTest {

    private static final String SCHEMA = "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\","
            + " \"text\": \"STRING\", \"n\": \"INT\", \"updatedAt\": \"UTC_DATETIME\"}}";

    private static TestDatabase in(String encoding) {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        new JdbcTemplate(PostgreSqlServer.get().getPostgresDatabase())
                .execute("CREATE DATABASE " + name + " ENCODING '" + encoding
                        + "' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        return new TestDatabase(PostgreSqlServer.get().getJdbcUrl("postgres", name), "postgres", "postgres");
    }

    private static String record(int id, String more) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:00:00Z\"%s}".formatted(id, more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "WIN1252", "LATIN9", "EUC_JP"})
    void whatTheEncodingLacksSetsItsRecordAsideAndTheOthersAreSaved(String encoding) throws Exception {
        TestDatabase database = in(encoding);
        String text = encoding.equals("EUC_JP") ? "日本" : "é";
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            Map<String, Object> run = stream.sync(
                    record(1, ", \"text\": \"" + text + "\""),
                    record(2, ", \"text\": \"😀\""),
                    record(3, ", \"n\": \"😀\""),
                    record(4, ", \"field 😀\": 1"),
                    record(5, ", \"json\": {\"a\": \"😀\"}"),
                    record(6, ", \"json\": {\"a\": \"" + text + "\"}"),
                    record(7, ", \"" + text + "\": 1"),
                    record(8, ""));

            assertThat(run).as("%s", run.get("error")).containsEntry("status", "complete");
            assertThat(run).containsEntry("quarantined", 4L).containsEntry("upserted", 4L);
            assertThat(stream.sync(record(2, ", \"text\": \"😀\""), record(3, ", \"n\": \"😀\"")))
                    .containsEntry("quarantined", 2L);
        }
        JdbcTemplate jdbc = database.jdbc();
        assertThat(jdbc.queryForList("SELECT \"id\" FROM \"t\" ORDER BY 1", Integer.class))
                .containsExactly(1, 6, 7, 8);
        assertThat(jdbc.queryForObject("SELECT \"text\" FROM \"t\" WHERE \"id\" = 1", String.class))
                .isEqualTo(text);
        assertThat(jdbc.queryForList("SELECT record FROM keyset_sync_quarantine ORDER BY record", String.class))
                .containsExactly(
                        "{\"id\":2,\"updatedAt\":\"2024-01-01T00:00:00Z\",\"text\":\"\\ud83d\\ude00\"}",
                        "{\"id\":3,\"updatedAt\":\"2024-01-01T00:00:00Z\",\"n\":\"\\ud83d\\ude00\"}",
                        "{\"id\":4,\"updatedAt\":\"2024-01-01T00:00:00Z\",\"field \\ud83d\\ude00\":1}",
                        "{\"id\":5,\"updatedAt\":\"2024-01-01T00:00:00Z\",\"json\":{\"a\":\"\\ud83d\\ude00\"}}");
        assertThat(jdbc.queryForList("SELECT reason FROM keyset_sync_quarantine", String.class))
                .anySatisfy(reason ->
                        assertThat(reason).isEqualTo("field n: INT can't take \"\\ud83d\\ude00\": not a number"))
                .anySatisfy(
                        reason -> assertThat(reason).contains("has no equivalent in encoding \"" + encoding + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "WIN1252"})
    void messageOfAFailedRunIsKeptWithWhatTheEncodingLacksEscaped(String encoding) throws Exception {
        TestDatabase database = in(encoding);
        try (OwnStream stream = new OwnStream(database, SCHEMA, "drift=fail")) {
            Map<String, Object> run = stream.sync(record(1, ", \"field 😀\": 1"));

            assertThat(run).containsEntry("status", "failed");
            assertThat(run.get("error"))
                    .asString()
                    .startsWith(
                            "stream own: field field \\ud83d\\ude00: the schema has no such column, and drift=fail");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "WIN1252"})
    void namesThatTheEncodingLacksAreRefusedAtStart(String encoding) {
        TestDatabase database = in(encoding);
        assertThatThrownBy(() -> new OwnStream(database, SCHEMA.replace("\"n\"", "\"n😀\"")).close())
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage(
                                "stream own: the name 'n😀' in its schema has characters that the database's encoding "
                                        + encoding + " lacks; choose another one"));
    }
}
