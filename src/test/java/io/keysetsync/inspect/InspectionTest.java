package io.keysetsync.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.inspect.probe.ApiFindings;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.scenario.TokenKind;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at the shipped stream, over APIs of many kinds: what is found, how often is asked, and that nothing is written. */
class InspectionTest {

    private static final int MAX_REQUESTS = 10;
    private static final String TIME = "2024-01-01T00:00:0";

    private final TestDatabase database = TestDatabase.h2();
    private final Feed feed = Feed.users(20);

    private ScenarioApi api;
    private ShippedRoutes routes;

    @BeforeEach
    void start() {
        api = plain().start();
        routes = ShippedRoutes.start(api, database);
    }

    @AfterEach
    void stop() {
        routes.close();
        api.close();
    }

    private Scenario plain() {
        return ScenarioApi.of(feed).pageSize(5);
    }

    /** Pages of five end within the records of one second. */
    private void tieAtThePagesEdge() {
        feed.truth().keySet().stream().toList().forEach(feed::remove);
        IntStream.rangeClosed(1, 4).forEach(i -> feed.put(FeedRecord.user("a" + i, TIME + i + "Z")));
        IntStream.rangeClosed(1, 3).forEach(i -> feed.put(FeedRecord.user("tie" + i, TIME + "5Z")));
        IntStream.rangeClosed(6, 9).forEach(i -> feed.put(FeedRecord.user("b" + i, TIME + i + "Z")));
    }

    private ApiFindings check(Scenario scenario) throws Exception {
        api.reset(scenario);
        ApiFindings check = ApiFindings.of(routes.context(), "user");
        assertThat(api.requests()).hasSizeLessThanOrEqualTo(MAX_REQUESTS);
        assertThat(tables()).isEmpty();
        return check;
    }

    private List<String> tables() {
        return database.jdbc()
                .queryForList(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'", String.class);
    }

    private static List<String> found(ApiFindings check, Level level) {
        return check.findings().stream()
                .filter(finding -> finding.level() == level)
                .map(Finding::what)
                .toList();
    }

    @Test
    void findsThatTokensSkipRecordsWithTheSameCursorAndSaysWhatToSet() throws Exception {
        tieAtThePagesEdge();
        ApiFindings check = check(plain().tokens(TokenKind.TIMESTAMP_LOSSY));

        assertThat(found(check, Level.PROBLEM))
                .containsExactly("tokens skip records that share the page's last cursor");
        assertThat(check.parameters()).containsExactly(Map.entry("reanchor", "true"));
    }

    @Test
    void findsThatTokensKeepRecordsWithTheSameCursor() throws Exception {
        tieAtThePagesEdge();
        ApiFindings check = check(plain().tokens(TokenKind.KEYSET));

        assertThat(found(check, Level.PROBLEM)).isEmpty();
        assertThat(found(check, Level.OK))
                .contains(
                        "tokens keep records that share the page's last cursor",
                        "updated_since includes the cursor itself (>=)",
                        "a token can be used twice, so that a lost answer can be asked for again",
                        "the cursor updatedAt can be read, to the second",
                        "5 records on the first page");
        assertThat(check.parameters()).isEmpty();
    }

    @Test
    void triesTheSecondPagesEdgeWhereTheFirstHasNoTie() throws Exception {
        feed.truth().keySet().stream().toList().forEach(feed::remove);
        IntStream.rangeClosed(1, 9).forEach(i -> feed.put(FeedRecord.user("a" + i, "2024-01-01T00:00:0" + i + "Z")));
        IntStream.rangeClosed(1, 3).forEach(i -> feed.put(FeedRecord.user("tie" + i, "2024-01-01T00:00:10Z")));
        feed.put(FeedRecord.user("b", "2024-01-01T00:00:11Z"));
        ApiFindings check = check(plain().tokens(TokenKind.TIMESTAMP_LOSSY));

        assertThat(check.parameters()).containsKey("reanchor");
        assertThat(api.requests()).hasSize(6);
    }

    @Test
    void findsAStrictFilterAndTheLookbackItNeeds() throws Exception {
        ApiFindings check = check(plain().strict());

        assertThat(found(check, Level.NOTE)).anyMatch(what -> what.contains("leaves the cursor itself out (>)"));
        assertThat(check.parameters()).containsEntry("lookback", "PT1S");
    }

    @Test
    void findsAFallingOrderAndTokensThatCanBeUsedOnce() throws Exception {
        ApiFindings check = check(plain().descending().tokensUsableOnce(410));

        assertThat(found(check, Level.NOTE))
                .anyMatch(what -> what.startsWith("cursors descend"))
                .anyMatch(what -> what.startsWith("a token can be used once"));
        assertThat(found(check, Level.OK)).contains("updated_since includes the cursor itself (>=)");
    }

    @Test
    void suggestsWhereTheRecordsAndTheCursorMayBe() throws Exception {
        ApiFindings noRecords = check(plain().recordsField("result.items"));
        assertThat(noRecords.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.PROBLEM);
            assertThat(finding.what()).contains("has no 'data'");
            assertThat(finding.advice()).isEqualTo("recordsField may be result.items");
        });

        ApiFindings noCursor = check(plain().cursorField("modified"));
        assertThat(noCursor.findings()).anySatisfy(finding -> {
            assertThat(finding.what()).isEqualTo("no record has a cursor that can be read in updatedAt");
            assertThat(finding.advice()).contains("modified");
        });
    }

    @Test
    void saysThatACursorLooksLikeACompactDate() throws Exception {
        ApiFindings none = check(plain().always(Fault.json(200, "{\"data\": [{\"id\": 1, \"updatedAt\": 20240131}]}")));
        assertThat(found(none, Level.PROBLEM))
                .containsExactly("no record has a cursor that can be read in updatedAt: 20240131 looks like a compact"
                        + " date, not an epoch");

        ApiFindings some = check(
                plain().always(
                                Fault.json(
                                        200,
                                        "{\"data\": [{\"id\": 1, \"updatedAt\": \"2024-01-31T00:00:00Z\"}, {\"id\": 2, \"updatedAt\": \"202401\"}]}")));
        assertThat(found(some, Level.NOTE))
                .contains("1 of 2 records have no cursor that can be read in updatedAt: \"202401\" looks like a compact"
                        + " date, not an epoch");
    }

    @Test
    void saysInOneFindingThatTheApiRefuses() throws Exception {
        ApiFindings check = check(plain().always(Fault.status(401)));

        assertThat(found(check, Level.PROBLEM)).singleElement().asString().contains("HTTP 401");
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void previewsTheFirstPageOfTheNextRunAndWritesNothing() throws Exception {
        feed.put(FeedRecord.user("bad", TIME + "1Z").with("createdAt", "yesterday"));
        api.reset(plain());
        Preview preview = Preview.of(routes.context(), "user", null);

        assertThat(preview.error()).isNull();
        assertThat(preview.received()).isEqualTo(5);
        assertThat(preview.rows()).hasSize(4);
        assertThat(preview.columns()).hasSize(8);
        assertThat(preview.quarantined()).singleElement().satisfies(record -> assertThat(record.reason())
                .contains("createdAt", "yesterday"));
        assertThat(tables()).isEmpty();
        assertThat(api.requests()).hasSize(1);

        feed.put(FeedRecord.user("bad", TIME + "1Z").with("hobby", "chess"));
        assertThat(Preview.of(routes.context(), "user", null).columns())
                .as("with the column that drift would add")
                .contains(new Column("hobby", ColumnType.of(ColumnType.Kind.STRING)));
        assertThat(tables()).isEmpty();

        feed.remove("bad");
        routes.sync("user");
        List<Map<String, Object>> runs = database.runs("user");
        Preview next = Preview.of(routes.context(), "user", null);
        assertThat(next.rows()).hasSize(1);
        assertThat(Preview.of(routes.context(), "user", TIME + "0Z").rows()).hasSize(5);
        assertThat(database.runs("user")).isEqualTo(runs);
        assertThat(database.cursor("user")).isEqualTo("2024-01-01T00:19:00Z");
    }
}
