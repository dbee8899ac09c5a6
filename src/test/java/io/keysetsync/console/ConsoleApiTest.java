package io.keysetsync.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.scenario.Fault;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console's paths answer and do. */
class ConsoleApiTest {

    private static final String LAST = "2024-01-01T00:02:00Z";

    @TempDir
    private Path folder;

    private ServedStreams served;

    @BeforeEach
    void serve() throws Exception {
        served = new ServedStreams(folder, Map.of(), "user");
    }

    @AfterEach
    void close() throws Exception {
        served.close();
    }

    private JsonNode stream() throws Exception {
        JsonNode streams = served.json("/api/streams");
        assertThat(streams).hasSize(1);
        return streams.get(0);
    }

    private List<Map<String, Object>> runs() {
        return served.database().runs("user");
    }

    private long rows() {
        return served.database().jdbc().queryForObject("SELECT COUNT(*) FROM \"user\"", Long.class);
    }

    @Test
    void streamThatHasNotRunYetIsListedWithoutARun() throws Exception {
        JsonNode stream = stream();

        assertThat(stream.path("stream").asText()).isEqualTo("user");
        assertThat(stream.path("status").isNull()).isTrue();
        assertThat(stream.path("cursor").isNull()).isTrue();
        assertThat(stream.path("lag_seconds").isNull()).isTrue();
        assertThat(stream.path("last_run").isNull()).isTrue();
        assertThat(stream.path("next_run").asText()).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(served.json("/api/streams/user/runs")).isEmpty();
        assertThat(served.json("/api/streams/user/rows")).isEmpty();
        assertThat(served.json("/api/quarantine")).isEmpty();
    }

    @Test
    void streamIsListedAsItsTablesTell() throws Exception {
        served.sync("user");
        JsonNode stream = stream();
        JsonNode run = stream.path("last_run");
        Map<String, Object> row = runs().get(0);

        assertThat(stream.path("status").asText()).isEqualTo("complete");
        assertThat(stream.path("cursor").asText()).isEqualTo(served.database().cursor("user"));
        long lag = Instant.now().getEpochSecond()
                - Instant.parse(served.database().cursor("user")).getEpochSecond();
        assertThat(stream.path("lag_seconds").asLong()).isBetween(lag - 60, lag);
        assertThat(stream.path("quarantined").asLong()).isZero();
        assertThat(stream.path("table").asText()).isEqualTo("user");
        assertThat(run.path("run_id").asText()).isEqualTo(row.get("run_id"));
        assertThat(run.path("records").asLong()).isEqualTo(3);
        assertThat(run.path("upserted").asLong()).isEqualTo(3);
        assertThat(run.path("cursor_to").asText()).isEqualTo(served.database().cursor("user"));
        assertThat(run.path("error").isNull()).isTrue();
        assertThat(stream.path("last_complete").asText())
                .isEqualTo(run.path("ended_at").asText());
    }

    @Test
    void failedRunLeavesTheTimeOfTheLastCompleteOne() throws Exception {
        served.sync("user");
        String complete = stream().path("last_complete").asText();
        served.api().change(scenario -> scenario.always(Fault.status(403)));
        served.sync("user");

        assertThat(stream().path("status").asText()).isEqualTo("failed");
        assertThat(stream().path("last_run").path("error").asText()).contains("403");
        assertThat(stream().path("last_complete").asText()).isEqualTo(complete);
        assertThat(served.json("/api/streams/user/runs"))
                .extracting(run -> run.path("status").asText())
                .containsExactly("failed", "complete");
        assertThat(served.json("/api/streams/user/runs?limit=1")).hasSize(1);
    }

    @Test
    void waitingRunSaysForWhatAndUntilWhen() throws Exception {
        Instant before = Instant.now();
        served.api().change(scenario -> scenario.always(Fault.status(503, "Retry-After", "50")));
        served.post("/api/streams/user/run", "");

        await().untilAsserted(
                        () -> assertThat(stream().path("status").asText("")).isEqualTo("waiting"));
        assertThat(stream().path("waiting_for").asText())
                .startsWith("attempt 2 after stream user: ")
                .contains("503");
        assertThat(Instant.parse(stream().path("waiting_until").asText()))
                .isBetween(before.plusSeconds(50), Instant.now().plusSeconds(50));
    }

    @Test
    void newestRowsComeFirst() throws Exception {
        served.sync("user");

        assertThat(served.json("/api/streams/user/rows?limit=2"))
                .extracting(row -> row.path("updatedAt").asText())
                .first()
                .isEqualTo(served.database().cursor("user"));
        assertThat(served.json("/api/streams/user/rows?limit=2")).hasSize(2);
    }

    @Test
    void runNowSyncsTheTable() throws Exception {
        HttpResponse<String> answer = served.post("/api/streams/user/run", "");

        assertThat(answer.statusCode()).isEqualTo(202);
        await().untilAsserted(
                        () -> assertThat(stream().path("status").asText("")).isEqualTo("complete"));
        assertThat(rows()).isEqualTo(3);
        assertThat(runs()).hasSize(1);
    }

    @Test
    void pausedStreamSaysSoUntilItIsResumed() throws Exception {
        assertThat(served.post("/api/streams/user/pause", "").statusCode()).isEqualTo(202);
        assertThat(stream().path("status").asText()).isEqualTo("paused");
        assertThat(stream().path("next_run").isNull()).isTrue();

        assertThat(served.post("/api/streams/user/resume", "").statusCode()).isEqualTo(202);
        assertThat(stream().path("paused").asBoolean()).isFalse();
        assertThat(stream().path("next_run").asText()).isEqualTo("2099-01-01T00:00:00Z");
    }

    @Test
    void cursorIsMovedAndForgottenAsByHand() throws Exception {
        served.sync("user");

        HttpResponse<String> moved = served.post("/api/streams/user/cursor", "{\"value\": \"" + LAST + "\"}");
        assertThat(moved.statusCode()).isEqualTo(200);
        assertThat(served.database().cursor("user")).isEqualTo(LAST);

        assertThat(served.post("/api/streams/user/cursor", "{\"value\": null}").statusCode())
                .isEqualTo(200);
        assertThat(served.database().cursor("user")).isNull();
        assertThat(runs())
                .extracting(run -> run.get("cursor_to"))
                .contains(LAST)
                .hasSize(3);
        assertThat(stream().path("cursor").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = "<img src=x onerror=alert(1)>")
    @MethodSource("io.keysetsync.sync.StreamNamesTest#allowed")
    void streamOfAnyNameIsFound(String name) throws Exception {
        try (ServedStreams other = new ServedStreams(folder, Map.of(), name)) {
            String path = "/api/streams/"
                    + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
            assertThat(other.post(path + "/run", "").statusCode()).isEqualTo(202);

            await().untilAsserted(() -> assertThat(other.json(path + "/runs"))
                    .extracting(run -> run.path("status").asText())
                    .containsExactly("complete"));
            assertThat(other.json("/api/streams").get(0).path("stream").asText())
                    .isEqualTo(name);
            assertThat(other.json(path + "/rows")).hasSize(3);
        }
    }

    @Test
    void recordsSetAsideAreListedTriedAgainAndDropped() throws Exception {
        served.sync("user");
        String constraint = "ALTER TABLE \"user\" ADD CONSTRAINT asked CHECK (\"id\" <> 'x')";
        served.database().jdbc().execute(constraint);
        served.api()
                .change(scenario -> scenario.always(Fault.json(
                        200,
                        "{\"data\": [{\"id\": \"x\", \"updatedAt\": \"" + LAST + "\"},"
                                + " {\"id\": \"y\", \"updatedAt\": \"no time\"}]}")));
        served.sync("user");

        JsonNode entries = served.json("/api/quarantine?stream=user");
        assertThat(entries).hasSize(2);
        assertThat(stream().path("quarantined").asLong()).isEqualTo(2);
        String idOfX = entries.get(0).path("record").asText().contains("\"x\"")
                ? entries.get(0).path("id").asText()
                : entries.get(1).path("id").asText();

        served.database().jdbc().execute("ALTER TABLE \"user\" DROP CONSTRAINT asked");
        HttpResponse<String> retry = served.post("/api/quarantine/retry", "{\"ids\": [\"" + idOfX + "\"]}");
        assertThat(retry.statusCode()).isEqualTo(200);
        assertThat(ServedStreams.JSON.readTree(retry.body()).path("upserted").asLong())
                .isEqualTo(1);
        assertThat(rows()).isEqualTo(4);

        HttpResponse<String> drop = served.post("/api/quarantine/drop", "{\"stream\": \"user\"}");
        assertThat(ServedStreams.JSON.readTree(drop.body()).path("dropped").asLong())
                .isEqualTo(1);
        assertThat(served.json("/api/quarantine")).isEmpty();
        assertThat(rows()).isEqualTo(4);
    }

    @Test
    void databaseThatIsAwayIsSaidAndComesBack() throws Exception {
        served.sync("user");
        served.databaseIsAway(true);

        HttpResponse<String> answer = served.get("/api/streams");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(ServedStreams.JSON.readTree(answer.body()).path("error").asText())
                .startsWith("the database: ");

        served.databaseIsAway(false);
        assertThat(stream().path("status").asText()).isEqualTo("complete");
    }

    @Test
    void healthAndMetricsTellOfTheStreams() throws Exception {
        served.sync("user");

        assertThat(served.json("/observe/health/live").path("status").asText()).isEqualTo("UP");
        assertThat(served.json("/observe/health/ready").path("status").asText()).isEqualTo("UP");
        assertThat(served.json("/observe/health").path("status").asText()).isEqualTo("UP");
        HttpResponse<String> metrics = served.get("/observe/metrics");
        assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(metrics.body().lines())
                .contains(
                        "keyset_sync_records_total{outcome=\"upserted\",stream=\"user\"} 3.0",
                        "keyset_sync_runs_total{status=\"complete\",stream=\"user\"} 1.0");

        served.databaseIsAway(true);
        await().until(() -> served.get("/observe/health/ready").statusCode() == 503);
        assertThat(served.get("/observe/health").statusCode()).isEqualTo(503);
        assertThat(served.get("/observe/health/live").statusCode()).isEqualTo(200);
        served.databaseIsAway(false);
        await().until(() -> served.get("/observe/health/ready").statusCode() == 200);
    }

    @Test
    void nextProgramOfTheProcessHasTheSamePortAndToken() throws Exception {
        String link = served.console().link().orElseThrow();
        served.console().leave();

        assertThat(served.get("/api/streams").statusCode()).isEqualTo(503);

        served.console().open(served.context());
        served.console().serve(served.context());
        assertThat(served.console().link()).contains(link);
    }
}
