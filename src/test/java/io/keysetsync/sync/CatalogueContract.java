package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often a run asks the catalogue, and that it notices changes there, on every database. */
abstract class CatalogueContract {

    private static final String SCHEMA =
            "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\", \"n\": \"INT\","
                    + " \"updatedAt\": \"UTC_DATETIME\"}}";

    private static final String RECORD = "{\"id\": \"1\", \"n\": 1, \"updatedAt\": \"2024-01-01T00:00:00Z\"}";

    private final TestDatabase database = database();
    private final RecordedDataSource recorded = new RecordedDataSource(database.dataSource());

    abstract TestDatabase database();

    /** How often the catalogue is asked for a table that exists: for its columns, and for its keys. */
    int queriesForATable() {
        return 2;
    }

    @Test
    void aRunAsksTheCatalogueForItsTableAloneAndTheFirstOneForTheStateTablesToo() throws Exception {
        try (OwnStream before = new OwnStream(database, SCHEMA)) {
            before.sync(RECORD);
        }
        try (OwnStream stream = new OwnStream("own", database, recorded, SCHEMA)) {
            assertThat(recorded.catalogueQueries())
                    .as("start: for the table of the data, and once for each table beside it")
                    .filteredOn(query -> !query.contains("INFORMATION_SCHEMA.SETTINGS"))
                    .hasSize(queriesForATable() + 4);
            recorded.forget();
            assertThat(stream.sync(RECORD)).containsEntry("unchanged", 1L);
            assertThat(recorded.catalogueQueries()).as("first run").hasSize(queriesForATable() + 4);
            recorded.forget();
            assertThat(stream.sync(RECORD)).containsEntry("unchanged", 1L);
            assertThat(recorded.catalogueQueries())
                    .as("later run, the cursor's table included")
                    .hasSize(queriesForATable() + 1);
        }
    }

    /** What is asked for each transaction besides its statements. */
    List<String> questionsOfATransaction() {
        return List.of();
    }

    @Test
    void aPageAsksForNothingButItsStatements() throws Exception {
        try (OwnStream stream = new OwnStream("own", database, recorded, SCHEMA)) {
            stream.sync(RECORD);
            recorded.forget();

            assertThat(stream.sync(RECORD.replace("2024", "2025"))).containsEntry("upserted", 1L);
            assertThat(new HashSet<>(recorded.questions()))
                    .filteredOn(question -> !question.contains("keyset_sync_")) // Spring, of a null, once a run
                    .containsExactlyElementsOf(questionsOfATransaction());
        }
    }

    @Test
    void tablesThatAreDroppedWhileTheProgramRunsAreCreatedAgain() throws Exception {
        try (OwnStream stream = new OwnStream("own", database, recorded, SCHEMA)) {
            stream.sync(RECORD);
            database.jdbc().execute("DROP TABLE keyset_sync_quarantine");
            database.jdbc().execute("DROP TABLE keyset_sync_column");
            assertThat(stream.sync("{\"id\": \"2\", \"n\": \"x\", \"updatedAt\": \"2024-01-02T00:00:00Z\"}"))
                    .containsEntry("status", "complete")
                    .containsEntry("quarantined", 1L);
            database.forgetAll();
            assertThat(stream.sync(RECORD)).containsEntry("status", "complete").containsEntry("upserted", 1L);
        }
        assertThat(database.cursor("own")).isEqualTo("2024-01-01T00:00:00Z");
    }
}
