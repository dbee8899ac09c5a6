package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class MariaDbUnfitTableTest extends UnfitTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    String time() {
        return "DATETIME(6)";
    }

    @Override
    Map<String, String> generated() {
        return Map.of(
                "stored",
                "INT GENERATED ALWAYS AS (\"m\" * 2) STORED",
                "virtual",
                "INT GENERATED ALWAYS AS (\"m\" * 2) VIRTUAL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Aria", "MyISAM", "MEMORY"})
    void tableOfAnEngineWithoutTransactionsIsRefusedAtStart(String engine) {
        createTable("t", "INT");
        jdbc.execute("ALTER TABLE \"t\" ENGINE=" + engine);
        assertRefused("stream own: `t` is a table of the storage engine " + engine + ", which has no transactions; ");
    }

    @Test
    void tableBesideTheDataOfAnEngineWithoutTransactionsIsRefusedAtStart() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record(1, ""));
        }
        jdbc.execute("ALTER TABLE keyset_sync_cursor ENGINE=Aria");
        assertRefused(
                "database: keyset_sync_cursor is a table of the storage engine Aria, which has no transactions; ");
    }

    @Test
    void tablesHaveTransactionsWhateverTheDefaultEngine() throws Exception {
        String url = database.url() + "?sessionVariables=default_storage_engine=Aria";
        try (OwnStream stream = new OwnStream(
                "own", database, new DriverManagerDataSource(url, database.username(), database.password()), SCHEMA)) {
            assertThat(stream.sync(record(1, ", \"n\": 1"))).containsEntry("upserted", 1L);
        }
        assertThat(jdbc.queryForList(
                        "SELECT DISTINCT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
                        String.class))
                .containsExactly("InnoDB");
    }
}
