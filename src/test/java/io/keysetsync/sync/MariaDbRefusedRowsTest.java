package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Statement;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.ConnectionCallback;

class MariaDbRefusedRowsTest extends RefusedRowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    void requireValue(String column) {
        jdbc.execute("ALTER TABLE \"item\" MODIFY \"" + column + "\" LONGTEXT CHARACTER SET utf8mb4 NOT NULL");
    }

    @Override
    void breakAt(int id) {
        jdbc.execute(
                """
                CREATE TRIGGER breaks BEFORE INSERT ON "item" FOR EACH ROW
                IF NEW."id" = %d THEN SIGNAL SQLSTATE '53100' SET MESSAGE_TEXT = 'the disk is full'; END IF"""
                        .formatted(id));
    }

    @Override
    void refuseNegativeByTrigger() {
        jdbc.execute(
                """
                CREATE TRIGGER refuses BEFORE INSERT ON "item" FOR EACH ROW
                IF NEW."amount" < 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one'; END IF""");
    }

    /** A table that was created while {@code innodb_strict_mode} was off can have more columns than a row has space for. */
    @Test
    void rowThatIsTooLargeForItsTableIsSetAside() throws Exception {
        String columns = IntStream.range(0, 60)
                .mapToObj(i -> "`c" + i + "` VARCHAR(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
                .collect(Collectors.joining(", "));
        jdbc.execute((ConnectionCallback<Object>) connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET innodb_strict_mode = OFF");
                statement.execute("CREATE TABLE `t` (`id` INT PRIMARY KEY, `updatedAt` DATETIME(6), " + columns
                        + ") ROW_FORMAT = COMPACT");
            }
            return null;
        });
        String fields = IntStream.range(0, 60)
                .mapToObj(i -> "\"c" + i + "\": \"STRING\"")
                .collect(Collectors.joining(", "));
        try (OwnStream stream = new OwnStream(
                database,
                "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\", \"updatedAt\":"
                        + " \"UTC_DATETIME\", " + fields + "}}")) {
            Map<String, Object> run = stream.sync(wide(1, 10), wide(2, 250), wide(3, 20), item(4, 1, "\"c0\": \"x\""));

            assertThat(run).containsEntry("status", "complete");
            assertCounts(run, 4, 3, 0, 0, 1);
            assertThat(jdbc.queryForList("SELECT id FROM t ORDER BY id", Integer.class))
                    .containsExactly(1, 3, 4);
            assertThat(reasons()).singleElement().asString().startsWith("the database: Row size too large");
        }
    }

    private static String wide(int id, int length) {
        String value = "x".repeat(length);
        return item(
                id,
                1,
                IntStream.range(0, 60)
                        .mapToObj(i -> "\"c" + i + "\": \"" + value + "\"")
                        .collect(Collectors.joining(", ")));
    }

    /** Its upsert would take a row for the same by any unique key: a table with another one is refused. */
    @Override
    void rowWithAnothersUniqueValueIsSetAsideButNotOneThatTakesOverAValue() {}
}
