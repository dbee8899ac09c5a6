package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MariaDbTableTest extends TableContract {

    private final TestDatabase own = TestDatabase.mariaDb();

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    Map<String, String> unfit() {
        return Map.ofEntries(
                Map.entry("TINYINT", "SHORT"),
                Map.entry("BIT(1)", "BOOLEAN"),
                Map.entry("YEAR", "SHORT"),
                Map.entry("SMALLINT UNSIGNED", "SHORT"),
                Map.entry("MEDIUMINT UNSIGNED", "INT"),
                Map.entry("MEDIUMINT", "INT"),
                Map.entry("INT UNSIGNED", "INT"),
                Map.entry("INT ZEROFILL", "INT"),
                Map.entry("BIGINT UNSIGNED", "LONG"),
                Map.entry("DECIMAL(12,2) UNSIGNED", "DECIMAL(12,2)"),
                Map.entry("FLOAT", "FLOAT"),
                Map.entry("DOUBLE(10,2)", "DOUBLE"),
                Map.entry("DOUBLE UNSIGNED", "DOUBLE"),
                Map.entry("DATETIME(3)", "UTC_DATETIME"),
                Map.entry("TIMESTAMP(6) NULL", "UTC_DATETIME"),
                Map.entry("CHAR(10)", "STRING"),
                Map.entry("BINARY(10)", "BINARY"),
                Map.entry("VARCHAR(50) CHARACTER SET latin1", "STRING"),
                Map.entry("LONGTEXT CHARACTER SET latin1 CHECK (json_valid({column}))", "JSON"),
                Map.entry("VARCHAR(50) CHARACTER SET utf8mb4 CHECK (json_valid({column}))", "JSON"));
    }

    @Override
    Map<String, String> fit() {
        return Map.ofEntries(
                Map.entry("TINYINT(1)", "BOOLEAN"),
                Map.entry("SMALLINT", "SHORT"),
                Map.entry("MEDIUMINT", "SHORT"),
                Map.entry("INT", "INT"),
                Map.entry("BIGINT", "LONG"),
                Map.entry("DOUBLE", "DOUBLE"),
                Map.entry("VARCHAR(50) CHARACTER SET utf8mb4", "STRING"),
                Map.entry("JSON", "JSON"));
    }

    @AfterEach
    void allowLargePackets() {
        own.jdbc().execute("SET GLOBAL max_allowed_packet = 67108864");
    }

    /** The server closes the connection over a packet that is larger. */
    @Test
    void pageLargerThanAPacketGoesInPartsAndARecordThatIsLargerFailsTheRunAtOnce() throws Exception {
        own.jdbc().execute("SET GLOBAL max_allowed_packet = 1048576");
        String schema =
                "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\", \"v\": \"STRING\","
                        + " \"updatedAt\": \"UTC_DATETIME\"}}";
        String[] records =
                IntStream.range(0, 20).mapToObj(id -> record(id, 200_000)).toArray(String[]::new);
        try (OwnStream stream = new OwnStream(own, schema)) {
            assertThat(stream.sync(records)).containsEntry("status", "complete").containsEntry("upserted", 20L);
            assertThat(own.jdbc().queryForList("SELECT DISTINCT length(\"v\") FROM \"t\"", Integer.class))
                    .containsExactly(200_000);

            Map<String, Object> run = stream.sync(record(21, 1), record(22, 600_000));
            assertThat(run).containsEntry("status", "failed");
            assertThat(run.get("error"))
                    .isEqualTo("stream own: the record with the key [22] is larger than the 1048576 bytes that the"
                            + " database takes in a statement; raise its max_allowed_packet");
        }
    }

    /** Two keys that begin alike would be one row. */
    @Test
    void keyOfTheFirstCharactersOfAColumnIsRefused() {
        own.jdbc()
                .execute("CREATE TABLE \"t\" (\"id\" VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT"
                        + " NULL, \"updatedAt\" DATETIME(6), PRIMARY KEY (\"id\"(5)))");
        String schema = "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\","
                + " \"updatedAt\": \"UTC_DATETIME\"}}";

        assertThatThrownBy(() -> new OwnStream(own, schema))
                .rootCause()
                .hasMessageContaining(
                        "stream own: the table `t` does not fit its schema: it has no unique key of `id`");
    }

    /** Quotes, each of which goes to the server as two characters. */
    private static String record(int id, int quotes) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:00:00Z\", \"v\": \"%s\"}".formatted(id, "'".repeat(quotes));
    }
}
