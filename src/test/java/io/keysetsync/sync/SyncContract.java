package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the shipped stream does on every database. A subclass names one. */
abstract class SyncContract {

    private static final List<String> TEXTS = List.of("id", "name", "email", "address", "company", "job");
    private static final String PAGE_2_SAFE = "2024-01-01T00:18:00Z";
    private static final String LAST_OF_50 = "2024-01-01T00:49:00Z";

    private final TestDatabase database = database();
    private final Feed feed = Feed.users(50);

    abstract TestDatabase database();

    private static Scenario api(Feed feed) {
        return ScenarioApi.of(feed).pageSize(10).cursorFormat("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }

    @Test
    void firstSyncBringsEveryRowAndTheGreatestCursor() throws Exception {
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");

            assertThat(rows()).isEqualTo(truth());
            assertThat(database.cursor("user")).isEqualTo(LAST_OF_50);
            assertThat(runs())
                    .containsExactly("complete 5 pages, 50 records, 50 upserted, 0 unchanged: null -> " + LAST_OF_50);
            assertThat(asked(api))
                    .startsWith("updated_since=0001-01-01T00:00:00Z")
                    .hasSize(5);
        }
    }

    @Test
    void everyCharacterArrivesUnchanged() throws Exception {
        feed.put(FeedRecord.user("tricky \" ' ; -- \\ % ?", "2024-01-01T00:00:30Z")
                .with("name", "Zoë \"O'Neil\" {{x}} ${body} :?c1 ?")
                .with("address", "1 High Street\r\nSpringfield\t\\n 😀 𝒳 漢字 \u00a0"));
        feed.put(FeedRecord.user("empty", "2024-01-01T00:00:31Z")
                .with("name", "")
                .with("job", null));
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");

            assertThat(rows()).isEqualTo(truth());
        }
    }

    @Test
    void secondSyncAsksSinceTheStoredCursorAndBringsTheChanges() throws Exception {
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");
            feed.put(FeedRecord.user("7", "2024-02-01T00:00:00Z").with("job", "Pilot"));
            feed.put(FeedRecord.user("51", "2024-02-01T00:00:01Z"));
            routes.sync("user");

            assertThat(rows()).isEqualTo(truth()).hasSize(51);
            assertThat(database.cursor("user")).isEqualTo("2024-02-01T00:00:01Z");
            assertThat(asked(api).subList(5, 6)).containsExactly("updated_since=" + LAST_OF_50);
            assertThat(runs().get(1)).startsWith("complete 1 pages, 3 records, 2 upserted, 1 unchanged");
        }
    }

    @Test
    void syncWithoutChangesLeavesEveryRowAsItIs() throws Exception {
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");
            Object version = cursorVersion();
            routes.sync("user");

            assertThat(rows()).isEqualTo(truth());
            assertThat(cursorVersion()).isEqualTo(version);
            assertThat(runs().get(1))
                    .isEqualTo("complete 1 pages, 1 records, 0 upserted, 1 unchanged: " + LAST_OF_50 + " -> "
                            + LAST_OF_50);
        }
    }

    @Test
    void failureInPage3KeepsPages1And2AndTheNextRunCompletes() throws Exception {
        try (ScenarioApi api = api(feed).fromRequest(3, Fault.status(403)).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");

            assertThat(rows())
                    .hasSize(20)
                    .containsOnlyKeys(truth().keySet().stream().limit(20).toList());
            assertThat(database.cursor("user")).isEqualTo(PAGE_2_SAFE);
            assertThat(runs())
                    .containsExactly("failed 2 pages, 20 records, 20 upserted, 0 unchanged: null -> " + PAGE_2_SAFE);

            api.change(scenario -> scenario.always(Fault.none()));
            routes.sync("user");

            assertThat(rows()).isEqualTo(truth());
            assertThat(database.cursor("user")).isEqualTo(LAST_OF_50);
            assertThat(asked(api)).contains("updated_since=" + PAGE_2_SAFE);
        }
    }

    @Test
    void errorOfTheDatabaseInPage3RollsBackThatPageAlone() throws Exception {
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            api.change(scenario -> scenario.onRequest(3, feed -> {
                await().until(() -> PAGE_2_SAFE.equals(database.cursor("user")));
                database.jdbc().execute("ALTER TABLE \"user\" RENAME TO elsewhere");
            }));
            routes.sync("user");
            database.jdbc().execute("ALTER TABLE elsewhere RENAME TO \"user\"");

            assertThat(rows()).hasSize(20).doesNotContainKeys("21", "25");
            assertThat(database.cursor("user")).isEqualTo(PAGE_2_SAFE);
            assertThat(runs().get(0)).startsWith("failed 2 pages, 20 records, 20 upserted, 0 unchanged");

            routes.sync("user");

            assertThat(rows()).isEqualTo(truth());
        }
    }

    @Test
    void rowThatTheDatabaseRefusesInPage3IsSetAsideAlone() throws Exception {
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");
            database.jdbc().execute("DELETE FROM \"user\"");
            database.jdbc().execute("UPDATE keyset_sync_cursor SET cursor_value = NULL");
            database.jdbc().execute("ALTER TABLE \"user\" ADD CONSTRAINT no_25 CHECK (\"id\" <> '25')");
            routes.sync("user");

            assertThat(rows()).hasSize(49).doesNotContainKey("25");
            assertThat(database.cursor("user")).isEqualTo(LAST_OF_50);
            assertThat(runs().get(1)).startsWith("complete 5 pages, 50 records, 49 upserted, 0 unchanged");
        }
    }

    @Test
    void continuesFromTheStoredCursorAfterARestart() throws Exception {
        try (ScenarioApi api = api(feed).start()) {
            try (ShippedRoutes routes = ShippedRoutes.start(api, database)) {
                routes.sync("user");
            }
            feed.put(FeedRecord.user("51", "2024-02-01T00:00:01Z"));
            try (ShippedRoutes routes = ShippedRoutes.start(api, database)) {
                routes.sync("user");
            }

            assertThat(rows()).isEqualTo(truth()).hasSize(51);
            assertThat(asked(api).get(5)).isEqualTo("updated_since=" + LAST_OF_50);
        }
    }

    @Test
    void secondRunnerFencesTheOneThatIsLate() throws Exception {
        Gate gate = new Gate();
        try (ScenarioApi api = api(feed).onRequest(3, gate).start();
                ShippedRoutes late = ShippedRoutes.start(api, database);
                ShippedRoutes quick = ShippedRoutes.start(api, database)) {
            CompletableFuture<Void> lateRun = CompletableFuture.runAsync(() -> sync(late));
            gate.awaitArrival();
            await("the second page is saved, while the third one is asked for")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> rows().size() == 20);
            feed.put(FeedRecord.user("25", "2024-03-01T00:00:00Z").with("job", "Pilot"));
            quick.sync("user");
            gate.open();
            lateRun.get(30, TimeUnit.SECONDS);

            assertThat(rows()).isEqualTo(truth());
            assertThat(database.cursor("user")).isEqualTo("2024-03-01T00:00:00Z");
            assertThat(runs())
                    .anyMatch(run -> run.startsWith("fenced 2 pages, 20 records"))
                    .anyMatch(run -> run.startsWith("complete"))
                    .hasSize(2);
        }
    }

    @Test
    void olderVersionNeverReplacesANewerOne() throws Exception {
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");
            feed.put(FeedRecord.user("50", "2024-02-01T00:00:00Z").with("job", "Pilot"));
            routes.sync("user");
            Map<String, Map<String, @Nullable Object>> newest = rows();
            feed.put(FeedRecord.user("50", LAST_OF_50).with("job", "Apprentice"));
            database.jdbc().update("UPDATE keyset_sync_cursor SET cursor_value = ?", LAST_OF_50);
            routes.sync("user");

            assertThat(rows()).isEqualTo(newest);
        }
    }

    @Test
    void ofTheSameKeyTwiceInAPageTheLaterCursorWinsThenTheLaterInThePage() throws Exception {
        Feed twice = Feed.of();
        twice.add(FeedRecord.user("1", "2024-01-01T00:00:02Z").with("job", "newest"));
        twice.add(FeedRecord.user("1", "2024-01-01T00:00:01Z").with("job", "older"));
        twice.add(FeedRecord.user("2", "2024-01-01T00:00:03Z").with("job", "first"));
        twice.add(FeedRecord.user("2", "2024-01-01T00:00:03Z").with("job", "second"));
        try (ScenarioApi api = api(twice).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");

            assertThat(rows().get("1")).contains(entry("job", "newest"));
            assertThat(rows().get("2")).contains(entry("job", "second"));
            assertThat(runs()).allMatch(run -> run.startsWith("complete 1 pages, 4 records, 2 upserted, 2 unchanged"));
        }
    }

    @Test
    void valueThatDoesNotFitQuarantinesItsRecordAlone() throws Exception {
        feed.put(FeedRecord.user("5", "2024-01-01T00:04:00Z").with("createdAt", "yesterday"));
        try (ScenarioApi api = api(feed).start();
                ShippedRoutes routes = ShippedRoutes.start(api, database)) {
            routes.sync("user");

            assertThat(rows()).hasSize(49).doesNotContainKey("5");
            assertThat(database.cursor("user")).isEqualTo(LAST_OF_50);
            assertThat(database.jdbc().queryForList("SELECT reason FROM keyset_sync_quarantine", String.class))
                    .containsExactly("field createdAt: UTC_DATETIME can't take \"yesterday\": not a time");
        }
    }

    private static void sync(ShippedRoutes routes) {
        try {
            routes.sync("user");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Object cursorVersion() {
        return database.jdbc().queryForObject("SELECT version FROM keyset_sync_cursor", Object.class);
    }

    private static List<String> asked(ScenarioApi api) {
        return api.requests().stream().map(SyncContract::asked).toList();
    }

    private static String asked(Request request) {
        String cursor = request.parameter("updated_since");
        return cursor == null ? "scroll_param" : "updated_since=" + cursor;
    }

    private List<String> runs() {
        return database.runs("user").stream()
                .map(run -> "%s %s pages, %s records, %s upserted, %s unchanged: %s -> %s"
                        .formatted(
                                run.get("status"),
                                run.get("pages"),
                                run.get("records"),
                                run.get("upserted"),
                                run.get("unchanged"),
                                run.get("cursor_from"),
                                run.get("cursor_to")))
                .toList();
    }

    private Map<String, Map<String, @Nullable Object>> rows() {
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        database.jdbc().query("SELECT * FROM \"user\"", row -> {
            Map<String, @Nullable Object> columns = new LinkedHashMap<>();
            for (String column : TEXTS) {
                columns.put(column, row.getString(column));
            }
            for (String column : List.of("updatedAt", "createdAt")) {
                columns.put(column, database.instant(row, column));
            }
            rows.put(row.getString("id"), columns);
        });
        return rows;
    }

    private Map<String, Map<String, @Nullable Object>> truth() {
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        feed.truth().forEach((id, record) -> {
            Map<String, @Nullable Object> columns = new LinkedHashMap<>();
            columns.put("id", id);
            for (String column : TEXTS.subList(1, TEXTS.size())) {
                columns.put(column, record.fields().get(column).textValue());
            }
            columns.put("updatedAt", record.instant().orElseThrow());
            columns.put(
                    "createdAt", Instant.parse(record.fields().get("createdAt").textValue()));
            rows.put(id, columns);
        });
        return rows;
    }
}
