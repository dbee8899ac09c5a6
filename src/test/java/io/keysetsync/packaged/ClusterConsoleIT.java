package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.BadSqlGrammarException;

/** Nodes as whoever operates them meets them: two consoles of one cluster, and nodes that may not start. */
class ClusterConsoleIT {

    private static final String DAILY = "0 0 0 1 1 ? 2099";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PAUSED = "\"status\":\"paused\"";

    private final TestDatabase database = TestDatabase.postgreSql();
    private final ScenarioApi api = ScenarioApi.of(Feed.users(20)).pageSize(10).start();

    @TempDir
    private Path temp;

    private Program first;
    private Program second;

    @BeforeEach
    void copy() {
        first = node("first");
        second = node("second");
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        api.close();
    }

    private Program node(String name) {
        return Program.node(temp.resolve(name), database).with("sync.console.port", Browser.freePort()).stream(
                "people", "people", api.url(), DAILY);
    }

    @Test
    void whatIsClickedInOneConsoleHoldsForTheCluster() throws Exception {
        first.start("run");
        ConsoleClient here = ConsoleClient.of(first);
        awaitComplete(1);
        Running other = second.start("run");
        ConsoleClient there = ConsoleClient.of(second);

        here.post("/api/streams/people/pause");
        await().atMost(PATIENCE).until(() -> there.get("/api/streams"), json -> json.contains(PAUSED));

        other.signal("TERM");
        assertThat(other.end().code()).isZero();
        second.start("run");
        ConsoleClient again = ConsoleClient.of(second);
        assertThat(again.get("/api/streams")).as("after a restart").contains(PAUSED);
        assertThat(runs()).containsExactly("complete");

        again.post("/api/streams/people/resume");
        await().atMost(PATIENCE).until(() -> here.get("/api/streams"), json -> !json.contains(PAUSED));
        api.feed().put(FeedRecord.user("7", "2024-01-02T00:00:00Z"));
        again.post("/api/streams/people/run");

        awaitComplete(2);
        assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM people", Long.class))
                .isEqualTo(20);
        assertThat(database.cursor("people")).isEqualTo("2024-01-02T00:00:00Z");
        assertThat(here.get("/api/streams/people/runs")).contains("\"upserted\":1");
    }

    private List<String> runs() {
        try {
            return database.runs("people").stream()
                    .map(run -> (String) run.get("status"))
                    .toList();
        } catch (BadSqlGrammarException e) {
            return List.of(); // no node has started
        }
    }

    private void awaitComplete(int runs) {
        await(runs + " complete runs")
                .atMost(PATIENCE)
                .until(() -> runs().stream().filter("complete"::equals).count() == runs);
    }

    @Test
    void aNodeWithAnotherUrlForAStreamIsRefused() {
        first.start("run");
        awaitComplete(1);
        second.edit("routes/people.camel.yaml", yaml -> yaml.replace(api.url(), api.url() + "/v2"));

        Ended refused = second.run("run");

        assertThat(refused.code()).as(refused.stderr()).isEqualTo(2);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .contains(
                        "stream people: the node ",
                        ", which runs, has the url '",
                        "/v2'; give all nodes the same, or stop those with the old one first");
        assertThat(runs()).containsExactly("complete");
    }

    @Test
    void aUserWithoutTheRightToCreateTablesIsToldTheDdl() {
        first.with("sync.cluster", false).run("once", "people");
        database.jdbc().execute("CREATE ROLE reader LOGIN PASSWORD 'secret'");
        database.jdbc().execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader");
        second.with("sync.database.url", database.url().replaceFirst("\\?.*", ""))
                .with("sync.database.username", "reader")
                .with("sync.database.password", "secret");

        Ended refused = second.run("run");

        assertThat(refused.code()).as(refused.stderr()).isEqualTo(2);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .contains("refuses to create them", "CREATE TABLE QRTZ_JOB_DETAILS")
                .doesNotContain("secret");
        assertThat(runs()).containsExactly("complete");
    }
}
