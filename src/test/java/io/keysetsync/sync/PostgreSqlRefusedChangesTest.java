package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgreSqlRefusedChangesTest extends RefusedChangesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    int mostColumns() {
        return 1600;
    }

    @Override
    void pin(String column) {
        database.jdbc().execute("CREATE VIEW pinned AS SELECT \"" + column + "\" FROM \"t\"");
    }

    /** Each of these uses the column {@code n}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIEW pinned AS SELECT \"n\" FROM \"t\"",
                "CREATE MATERIALIZED VIEW pinned AS SELECT \"n\" + 1 AS m FROM \"t\"",
                "ALTER TABLE \"t\" ADD COLUMN \"twice\" integer GENERATED ALWAYS AS (\"n\" * 2) STORED",
                "ALTER TABLE \"t\" ADD CHECK (\"n\" > 0)",
                "CREATE INDEX ON \"t\" ((\"n\" + 1))",
                "CREATE POLICY own ON \"t\" USING (\"n\" > 0)",
                "CREATE TABLE p (id integer PRIMARY KEY); INSERT INTO p VALUES (1);"
                        + " ALTER TABLE \"t\" ADD FOREIGN KEY (\"n\") REFERENCES p",
            })
    void whateverUsesAColumnKeepsItsTypeAndSetsOnlyTheOtherRecordsAside(String use) throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record(1, "\"n\": 1"));
            database.jdbc().execute(use);
            Map<String, Object> run = stream.sync(record(2, "\"n\": \"text\""), record(3, "\"n\": 1"));

            assertThat(run)
                    .containsEntry("status", "complete")
                    .containsEntry("upserted", 1L)
                    .containsEntry("quarantined", 1L);
        }
        assertThat(ids()).containsExactly(1, 3);
        assertThat(reasons())
                .singleElement()
                .asString()
                .startsWith("field n: INT can't take \"text\": not a number; its column can't be changed to STRING: the"
                        + " database: ERROR: ")
                .doesNotContain("PL/pgSQL", "\n");
    }

    @Test
    void columnIsWidenedWhateverItsNameHolds() throws Exception {
        String field = "$ddl$; END $ddl$; DROP TABLE \\\"t\\\"; --";
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record(1, "\"" + field + "\": 1"));

            assertThat(stream.sync(record(2, "\"" + field + "\": \"text\""))).containsEntry("status", "complete");
        }
        assertThat(ids()).containsExactly(1, 2);
        assertThat(columns()).containsEntry(field.replace("\\", ""), "STRING");
    }

    @Test
    void lackOfTheRightToAlterTheTableFailsTheRun() throws Exception {
        String role = "alters_nothing";
        database.jdbc()
                .execute("DO $$ BEGIN CREATE ROLE " + role + " LOGIN PASSWORD 'pw'; EXCEPTION WHEN duplicate_object"
                        + " THEN NULL; END $$; GRANT CREATE, USAGE ON SCHEMA public TO " + role);
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record(1, ""));
        }
        database.jdbc().execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
        TestDatabase limited = new TestDatabase(database.url().replace("user=postgres", "user=" + role), role, "pw");
        try (OwnStream stream = new OwnStream("own", database, limited.dataSource(), SCHEMA)) {
            assertThat(stream.sync(record(2, ""))).containsEntry("status", "complete");
            Map<String, Object> run = stream.sync(record(3, "\"x\": 1"));

            assertThat(run).containsEntry("status", "failed");
            assertThat(run.get("error")).asString().contains("must be owner of table t");
        }
        assertThat(ids()).containsExactly(1, 2);
    }
}
