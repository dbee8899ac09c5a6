package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.table.TableRows;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The newest rows of a stream's table, as {@code rows} shows them. */
abstract class RowsContract {

    private static final String UPDATED = "\"updatedAt\": \"2024-01-0%dT00:00:00Z\"";

    final TestDatabase database = database();

    abstract TestDatabase database();

    private static String record(String id, int day) {
        return "{\"id\": " + id + ", " + UPDATED.formatted(day) + "}";
    }

    /** The first column, which is the key. */
    private static List<String> keys(TableRows rows) {
        return rows.rows().stream().map(row -> row.get(0)).toList();
    }

    @Test
    void areNewestByTheCursorAndThenByTheKey() throws Exception {
        try (OwnStream stream = new OwnStream(
                database,
                "{\"table\": \"own\", \"primary_key\": [\"id\"], \"columns\":"
                        + " {\"id\": \"LONG\", \"updatedAt\": \"UTC_DATETIME\"}}",
                "drift=ignore")) {
            stream.sync(record("1", 2), record("10", 1), record("2", 3), record("3", 1));

            assertThat(keys(stream.newest(20))).containsExactly("2", "1", "10", "3");
            assertThat(keys(stream.newest(2))).containsExactly("2", "1");
            assertThat(stream.newest(1).json()).hasToString("[{\"id\":2,\"updatedAt\":\"2024-01-03T00:00:00Z\"}]");
        }
    }

    @Test
    void areNewestByTheProgramsOwnColumnIfNoOtherOneComparesAsCursors() throws Exception {
        try (OwnStream stream = new OwnStream(
                database,
                "{\"table\": \"own\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"LONG\", \"updatedAt\":"
                        + " \"STRING\"}}")) {
            stream.sync(
                    "{\"id\": 1, \"updatedAt\": \"2024-01-01T23:00:00-05:00\"}",
                    "{\"id\": 2, \"updatedAt\": \"2024-01-02T00:00:00Z\"}");

            assertThat(keys(stream.newest(20))).containsExactly("1", "2");
        }
    }

    @Test
    void areThoseOfTheGreatestKeyInATableThatTellsNoTimes() throws Exception {
        database.jdbc().execute("CREATE TABLE \"own\" (\"id\" BIGINT NOT NULL PRIMARY KEY, \"name\" VARCHAR(20))");
        database.jdbc().execute("INSERT INTO \"own\" VALUES (1, 'a'), (3, NULL), (2, 'b')");
        try (OwnStream stream = new OwnStream(
                database, "{\"table\": \"own\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"LONG\"}}")) {
            assertThat(stream.newest(2).json()).hasToString("[{\"id\":3,\"name\":null},{\"id\":2,\"name\":\"b\"}]");
        }
    }

    @Test
    void haveTheirExactValues() throws Exception {
        try (OwnStream stream = new OwnStream(
                database,
                """
                {"table": "own", "primary_key": ["id"], "columns": {"id": "STRING", "updatedAt": "UTC_DATETIME",
                 "flag": "BOOLEAN", "short": "SHORT", "long": "LONG", "sum": "DECIMAL(38,10)", "float": "FLOAT",
                 "double": "DOUBLE", "day": "NAIVE_DATE", "local": "NAIVE_DATETIME", "bytes": "BINARY", "text": "STRING",
                 "tree": "JSON", "none": "INT"}}""")) {
            stream.sync(
                    """
                    {"id": "007", "updatedAt": "2024-02-29T23:59:59.123400+02:00", "flag": true, "short": -32768,
                     "long": 9223372036854775807, "sum": 1234567890123456789012345678.0123456789, "float": 0.1,
                     "double": 0.30000000000000004, "day": "0001-01-01", "local": "9999-12-31T23:59:59.999999",
                     "bytes": "AP8=", "text": "a\\nb😀\\u001b[31m", "tree": {"a": [1.5, "x"]}, "added": 5}""");

            assertThat(stream.newest(5).json())
                    .hasToString(
                            "[{\"id\":\"007\",\"updatedAt\":\"2024-02-29T21:59:59.1234Z\",\"flag\":true,"
                                    + "\"short\":-32768,\"long\":9223372036854775807,"
                                    + "\"sum\":1234567890123456789012345678.0123456789,\"float\":0.1,"
                                    + "\"double\":0.30000000000000004,\"day\":\"0001-01-01\","
                                    + "\"local\":\"9999-12-31T23:59:59.999999\",\"bytes\":\"AP8=\","
                                    + "\"text\":\"a\\nb😀\\u001B[31m\",\"tree\":{\"a\":[1.5,\"x\"]},\"none\":null,\"added\":5}]");
        }
    }
}
