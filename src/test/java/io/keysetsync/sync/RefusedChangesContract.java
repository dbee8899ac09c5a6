package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.database.Tables;
import io.keysetsync.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Columns that new fields ask for, and that the database refuses to add or to widen. */
abstract class RefusedChangesContract {

    static final String SCHEMA =
            "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\", \"updatedAt\": \"UTC_DATETIME\"}}";

    final TestDatabase database = database();
    final Database own = Databases.of(database.url());

    abstract TestDatabase database();

    /** The most columns of a table. */
    abstract int mostColumns();

    /** Keeps a column of booleans from becoming text, by something else that uses the column. */
    abstract void pin(String column);

    /** Adds columns of a user's own. */
    void addIntegers(Stream<String> names) {
        database.jdbc()
                .execute("ALTER TABLE \"t\" "
                        + names.map(name -> "ADD COLUMN \"" + name + "\" INT").collect(Collectors.joining(", ")));
    }

    static String record(int id, String fields) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:00:%02dZ\"%s}"
                .formatted(id, id % 60, fields.isEmpty() ? "" : ", " + fields);
    }

    Map<String, String> columns() {
        return new Tables(own, database.jdbc())
                .existing(TableName.of("t")).columns().stream()
                        .collect(Collectors.toMap(
                                ExistingColumn::name, c -> c.types().get(0).toString()));
    }

    List<Integer> ids() {
        return database.jdbc().queryForList("SELECT \"id\" FROM \"t\" ORDER BY 1", Integer.class);
    }

    List<String> reasons() {
        return database.jdbc().queryForList("SELECT reason FROM keyset_sync_quarantine ORDER BY reason", String.class);
    }

    @Test
    void noColumnIsAddedBeyondTheDatabasesOwnMaximum() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, "maxColumns=50000")) {
            stream.sync(record(1, ""));
            addIntegers(IntStream.range(3, mostColumns()).mapToObj(i -> "own" + i));
            Map<String, Object> run = stream.sync(
                    record(2, "\"a\": 1"), record(3, "\"a\": 2, \"b\": 1"), record(4, "\"c\": \"x\""), record(5, ""));

            assertThat(run).containsEntry("status", "complete").containsEntry("upserted", 2L);
            assertThat(run.get("schema_changes")).isEqualTo("field 'a': column 'a' added as INT");
            assertThat(ids()).containsExactly(1, 2, 5);
            assertThat(columns()).hasSize(mostColumns()).containsKey("a");
            assertThat(reasons()).hasSize(2);
            assertThat(reasons().get(0)).startsWith("field b: its column can't be added: the database: ");
            assertThat(reasons().get(1)).startsWith("field c: its column can't be added: the database: ");

            assertThat(stream.sync(record(6, "\"a\": 5"), record(7, "\"d\": 5")))
                    .containsEntry("status", "complete")
                    .containsEntry("upserted", 1L)
                    .containsEntry("quarantined", 1L);
        }
    }

    @Test
    void recordThatNeedsAColumnThatCannotBeWidenedIsSetAsideAndTheOthersAreSaved() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record(1, "\"yes\": true"));
            pin("yes");
            for (int i = 2; i < 12; i += 5) {
                Map<String, Object> run = stream.sync(
                        record(i, "\"yes\": true"),
                        record(i + 1, "\"yes\": \"maybe\", \"more\": 1"),
                        record(i + 2, "\"more\": 2"),
                        record(i + 3, "\"yes\": 5"));
                assertThat(run)
                        .containsEntry("status", "complete")
                        .containsEntry("upserted", 2L)
                        .containsEntry("quarantined", 2L);
            }
        }
        assertThat(ids()).containsExactly(1, 2, 4, 7, 9);
        assertThat(columns()).containsOnlyKeys("id", "updatedAt", "yes", "more").containsEntry("yes", "BOOLEAN");
        assertThat(reasons()).hasSize(4).allSatisfy(reason -> assertThat(reason)
                .startsWith("field yes: BOOLEAN can't take ")
                .contains("; its column can't be changed to STRING: the database: ")
                .doesNotContain("closed"));
    }

    @Test
    void changesThatTheDatabaseTakesAreMadeBesideOneThatItRefuses() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record(1, "\"yes\": true, \"n\": 1"));
            pin("yes");
            Map<String, Object> run = stream.sync(
                    record(2, "\"a\": 1"), record(3, "\"yes\": \"maybe\""), record(4, "\"n\": \"x\", \"b\": true"));

            assertThat(run).containsEntry("status", "complete").containsEntry("upserted", 2L);
            assertThat(String.valueOf(run.get("schema_changes")).lines())
                    .containsExactlyInAnyOrder(
                            "field 'a': column 'a' added as INT",
                            "field 'n': column 'n' changed from INT to STRING",
                            "field 'b': column 'b' added as BOOLEAN");
        }
        assertThat(ids()).containsExactly(1, 2, 4);
        assertThat(columns())
                .containsEntry("n", "STRING")
                .containsEntry("a", "INT")
                .containsEntry("b", "BOOLEAN");
    }
}
