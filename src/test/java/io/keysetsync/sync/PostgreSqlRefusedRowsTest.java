package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class PostgreSqlRefusedRowsTest extends RefusedRowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    void breakAt(int id) {
        jdbc.execute(
                """
                CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF NEW.id = %d THEN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END IF;
                  RETURN NEW;
                END $$"""
                        .formatted(id));
        jdbc.execute("CREATE TRIGGER breaks BEFORE INSERT ON \"item\" FOR EACH ROW EXECUTE FUNCTION breaks()");
    }

    @Override
    void refuseNegativeByTrigger() {
        raise("IF NEW.amount < 0 THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW;", "ROW");
    }

    private void raise(String body, String each) {
        jdbc.execute("CREATE FUNCTION raises() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$");
        jdbc.execute("CREATE TRIGGER raises BEFORE INSERT ON \"item\" FOR EACH " + each + " EXECUTE FUNCTION raises()");
    }

    @Test
    void triggerThatRefusesEveryStatementFailsTheRun() throws Exception {
        raise("RAISE EXCEPTION 'closed for the night';", "STATEMENT");
        Map<String, Object> run = sync(page(Set.of()));

        assertThat(run).containsEntry("status", "failed");
        assertThat(run.get("error")).asString().contains("closed for the night");
        assertThat(reasons()).isEmpty();
        assertThat(database.cursor(STREAM)).isNull();
    }

    private void as(String role) {
        jdbc.execute("DO $$ BEGIN CREATE ROLE " + role + " LOGIN PASSWORD 'pw'; EXCEPTION WHEN duplicate_object"
                + " THEN NULL; END $$; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role
                + "; GRANT ALL ON SCHEMA public TO " + role);
        dataSource.setTargetDataSource(
                new DriverManagerDataSource(database.url().replace("user=postgres", "user=" + role), role, "pw"));
    }

    @Test
    void rowsThatARowPolicyRefusesAreSetAsideAndTheOthersAreSaved() throws Exception {
        jdbc.execute("ALTER TABLE \"item\" ENABLE ROW LEVEL SECURITY");
        jdbc.execute("CREATE POLICY positive ON \"item\" USING (true) WITH CHECK (\"amount\" >= 0)");
        as("under_a_policy");
        Map<String, Object> run = sync(page(Set.of(7, 8, 100)));

        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, PAGE, PAGE - 3, 0, 0, 3);
        assertThat(ids()).isEqualTo(allBut(Set.of(7, 8, 100)));
        assertThat(reasons()).hasSize(3).allSatisfy(reason -> assertThat(reason)
                .contains("new row violates row-level security policy"));
    }

    /** It has the SQLSTATE of a row policy. */
    @Test
    void lackOfRightsOnTheTableFailsTheRun() throws Exception {
        as("without_a_right");
        jdbc.execute("REVOKE INSERT ON \"item\" FROM without_a_right");
        Map<String, Object> run = sync(page(Set.of()));

        assertThat(run).containsEntry("status", "failed");
        assertThat(run.get("error")).asString().contains("permission denied for table item");
        assertThat(reasons()).isEmpty();
        assertThat(database.cursor(STREAM)).isNull();
    }

    private void assertSetAside(String bad, String reason) throws Exception {
        Map<String, Object> run = sync(List.of(item(1, 1, "\"name\": \"a\""), bad, item(3, 1, "\"name\": \"b\"")));

        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, 3, 2, 0, 0, 1);
        assertThat(ids()).containsExactly(1, 3);
        assertThat(reasons()).singleElement().asString().startsWith("the database: ERROR: " + reason);
    }

    private static String named(int length) {
        Random random = new Random(1);
        return item(
                2,
                1,
                "\"name\": \""
                        + random.ints(length, 'a', 'z')
                                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        + "\"");
    }

    @Test
    void textThatIsTooLongForAnIndexIsSetAside() throws Exception {
        jdbc.execute("CREATE INDEX ON \"item\" (\"name\")");
        assertSetAside(named(6000), "index row size ");
    }

    @Test
    void textThatIsTooLongForATextSearchIsSetAside() throws Exception {
        jdbc.execute("ALTER TABLE \"item\" ADD COLUMN words tsvector GENERATED ALWAYS AS"
                + " (to_tsvector('simple', \"name\")) STORED");
        assertSetAside(
                item(
                        2,
                        1,
                        "\"name\": \""
                                + IntStream.range(0, 200_000)
                                        .mapToObj(i -> "word" + i)
                                        .collect(Collectors.joining(" ")) + "\""),
                "string is too long for tsvector");
    }

    @Test
    void keyThatIsTooLongIsSetAside() throws Exception {
        try (OwnStream stream = new OwnStream(
                database,
                "{\"table\": \"t\", \"primary_key\": [\"name\"], \"columns\": {\"name\": \"STRING\","
                        + " \"updatedAt\": \"UTC_DATETIME\"}}",
                "drift=ignore")) {
            Map<String, Object> run = stream.sync(named(6000), item(3, 1, "\"name\": \"b\""));

            assertThat(run).containsEntry("status", "complete");
            assertCounts(run, 2, 1, 0, 0, 1);
            assertThat(reasons()).singleElement().asString().contains("index row size ");
        }
    }

    /** A row has to fit a page of 8 kB, in which even a long text takes some bytes. */
    @Test
    void rowOfTooManyWideColumnsIsSetAside() throws Exception {
        sink.put("maxColumns", "1000");
        String fields = IntStream.range(0, 500)
                .mapToObj(i -> "\"c" + i + "\": \"" + "x".repeat(30) + "\"")
                .collect(Collectors.joining(", "));
        assertSetAside(item(2, 1, fields), "row is too big");
    }
}
