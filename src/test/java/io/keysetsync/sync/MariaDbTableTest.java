package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** Quotes, each of which goes to the server as two characters. */
    private static String record(int id, int quotes) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:00:00Z\", \"v\": \"%s\"}".formatted(id, "'".repeat(quotes));
    }
}
