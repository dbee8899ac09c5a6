package io.keysetsync.events;

import static io.keysetsync.events.WatchedStream.awaitEvents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.inspect.Preview;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a route from the Kamelet of events is told. */
class EventsTest {

    private static final Fault GONE = Fault.status(403);

    private final WatchedStream stream;

    EventsTest() throws Exception {
        stream = new WatchedStream(25);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void endOfARunHasTheFieldsOfItsRow() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "");
        stream.start().sync();
        awaitEvents(events, 1);

        JsonNode event = events.get(0);
        assertThat(event.path("event").asText()).isEqualTo("run");
        assertThat(event.path("status").asText()).isEqualTo("complete");
        assertThat(event.path("text").asText()).startsWith("user: complete: 3 pages, 25 records, 25 upserted");
        for (String field : List.of(
                "stream",
                "run_id",
                "status",
                "pages",
                "records",
                "upserted",
                "unchanged",
                "deleted",
                "quarantined",
                "cursor_from",
                "cursor_to",
                "error")) {
            Object value = stream.lastRun().get(field);
            assertThat(event.has(field)).as(field).isTrue();
            assertThat(event.get(field).asText()).as(field).isEqualTo(String.valueOf(value));
        }
        Instant ended = Instant.parse(event.path("ended_at").asText());
        assertThat(Instant.parse(event.path("started_at").asText())).isBeforeOrEqualTo(ended);
        assertThat(event.path("last_complete").asText())
                .isEqualTo(event.path("ended_at").asText());
        assertThat(event.path("lag_seconds").asLong()).isPositive();
        stream.assertSynced(25, "2024-01-01T00:24:00Z");
    }

    @Test
    void failuresInARowAreCountedAndTheRecoveryTellsHowManyThereWere() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "");
        stream.start();
        for (int i = 0; i < 3; i++) {
            stream.sync(scenario -> scenario.always(GONE));
        }
        stream.sync(scenario -> scenario.always(Fault.none()));
        stream.sync();
        awaitEvents(events, 5);

        assertThat(texts(events, "status")).containsExactly("failed", "failed", "failed", "complete", "complete");
        assertThat(texts(events, "consecutive_failures")).containsExactly("1", "2", "3", "0", "0");
        assertThat(texts(events, "failures_before")).containsExactly("0", "1", "2", "3", "0");
        assertThat(events.get(2).path("error").asText()).contains("403");
        assertThat(events.get(2).path("text")).isEqualTo(events.get(2).path("error"));
        assertThat(events.get(2).path("last_complete").isNull()).isTrue();
    }

    @Test
    void earlierProcessesCountWithoutCursorsThatWereChangedByHand() throws Exception {
        stream.start();
        stream.sync();
        stream.sync(scenario -> scenario.always(GONE));
        stream.sync();
        StreamRegistry.of(stream.context).storeOf("user").changeCursor("user", "2024-01-01T00:00:00Z");
        try (WatchedStream next = new WatchedStream(
                stream.database, ScenarioApi.of(Feed.users(25)).always(GONE))) {
            List<JsonNode> events = next.handled("alerts", "");
            next.start();
            next.sync();
            next.sync(scenario -> scenario.always(Fault.none()));
            awaitEvents(events, 2);

            assertThat(texts(events, "consecutive_failures")).containsExactly("3", "0");
            assertThat(texts(events, "failures_before")).containsExactly("2", "3");
            Instant lastComplete =
                    Instant.parse(events.get(0).path("last_complete").asText());
            assertThat(lastComplete)
                    .isBefore(Instant.parse(events.get(0).path("started_at").asText()));
        }
    }

    @Test
    void databaseThatIsAwayFailsRunsThatAreToldOf() throws Exception {
        TestDatabase database = TestDatabase.h2();
        AtomicBoolean isAway = new AtomicBoolean();
        DataSource dataSource = new DriverManagerDataSource(database.url()) {
            @Override
            public Connection getConnection() throws SQLException {
                if (isAway.get()) {
                    throw new SQLException("connection refused", "08001");
                }
                return super.getConnection();
            }
        };
        try (WatchedStream there = new WatchedStream(database, dataSource, ScenarioApi.of(Feed.users(25)))) {
            List<JsonNode> events = there.handled("alerts", "");
            there.start().sync();
            isAway.set(true);
            there.sync();
            there.sync();
            isAway.set(false);
            there.sync();
            awaitEvents(events, 4);

            assertThat(texts(events, "consecutive_failures")).containsExactly("0", "1", "2", "0");
            assertThat(texts(events, "failures_before")).containsExactly("0", "0", "1", "2");
            assertThat(events.get(2).path("run_id").isNull()).isTrue();
            assertThat(events.get(2).path("error").asText()).startsWith("stream user: the database: ");
        }
    }

    @Test
    void pagesWaitsAndSchemaChangesAreToldOfInTheirOrder() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "?events=page,waiting,schema-change,run");
        stream.api.feed().put(FeedRecord.user("3", "2024-01-01T00:02:00Z").with("score", 5));
        stream.start().sync(scenario -> scenario.onRequest(2, Fault.status(503)));
        awaitEvents(events, 6);

        assertThat(texts(events, "event"))
                .containsSubsequence("schema-change", "page", "page", "page", "run")
                .containsOnlyOnce("waiting");
        assertThat(texts(events, "status").subList(0, 5)).containsOnly("running", "waiting");
        JsonNode change = event(events, "schema-change");
        assertThat(change.path("changes").toString()).contains("score");
        assertThat(change.path("text").asText()).contains("score");
        assertThat(event(events, "waiting").path("error").asText()).contains("503");
        assertThat(event(events, "page").path("pages").asInt()).isEqualTo(1);
        assertThat(event(events, "page").path("cursor_to").asText()).isEqualTo("2024-01-01T00:08:00Z");
        assertThat(event(events, "page").path("ended_at").isNull()).isTrue();
    }

    @Test
    void statusAndStreamsChooseEventsAndEachRouteHasItsOwn() throws Exception {
        List<JsonNode> failed = stream.handled("failed", "?status=failed,fenced");
        List<JsonNode> others = stream.handled("others", "?streams=another");
        List<JsonNode> all = stream.handled("all", "?streams=another,user");
        stream.start();
        stream.sync();
        stream.sync(scenario -> scenario.always(GONE));
        awaitEvents(all, 2);
        awaitEvents(failed, 1);

        assertThat(texts(failed, "status")).containsExactly("failed");
        assertThat(others).isEmpty();
    }

    @Test
    void twoRoutesWithTheSameParametersHaveNamesBehindASlash() throws Exception {
        List<JsonNode> one = stream.handled("one", "/first");
        List<JsonNode> two = stream.handled("two", "/second");
        stream.start().sync();

        awaitEvents(one, 1);
        awaitEvents(two, 1);
    }

    @Test
    void retryOfQuarantinedRecordsIsAnEventOfItsOwnAndNoRunThatRecovers() throws Exception {
        List<JsonNode> runs = stream.handled("runs", "");
        List<JsonNode> retries = stream.handled("retries", "?events=retry");
        stream.api.feed().put(FeedRecord.user("3", "2024-01-01T00:02:00Z").with("createdAt", "yesterday"));
        stream.start();
        stream.sync();
        stream.sync(scenario -> scenario.always(GONE));
        QuarantineRetry.of(stream.context, "user").retry(List.of());
        stream.sync();
        awaitEvents(runs, 3);
        awaitEvents(retries, 1);

        assertThat(texts(runs, "quarantined")).containsExactly("1", "0", "0");
        assertThat(texts(runs, "consecutive_failures")).containsExactly("0", "1", "2");
        assertThat(texts(retries, "status")).containsExactly("complete");
        assertThat(texts(retries, "quarantined")).containsExactly("1");
    }

    @Test
    void dryRunIsNotToldOf() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "?events=run,page,waiting,schema-change,retry");
        stream.start();
        assertThat(Preview.of(stream.context, "user", null).rows()).hasSize(10);
        stream.sync();
        awaitEvents(events, 4);

        assertThat(texts(events, "event")).containsExactly("page", "page", "page", "run");
    }

    @Test
    void streamIsOverdueOnceUntilItHasACompleteRunAgain() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "?events=overdue&overdue=PT0.5S");
        stream.start();
        awaitEvents(events, 1);
        stream.sync(scenario -> scenario.always(GONE));
        stream.sync(scenario -> scenario.always(Fault.none()));
        awaitEvents(events, 2);
        stream.sync(scenario -> scenario.always(GONE));
        awaitEvents(events, 3);

        assertThat(texts(events, "event")).containsOnly("overdue");
        assertThat(texts(events, "overdue")).containsExactly("true", "false", "true");
        assertThat(texts(events, "text").get(0)).isEqualTo("user: has had no complete run yet");
        assertThat(texts(events, "text").get(1)).isEqualTo("user: has a complete run again");
        assertThat(texts(events, "text").get(2)).startsWith("user: no complete run since 2");
        Instant again = Instant.parse(events.get(1).path("last_complete").asText());
        assertThat(Instant.parse(events.get(2).path("last_complete").asText()))
                .as("by the run's row, or by its event")
                .isCloseTo(again, within(1, ChronoUnit.SECONDS));
    }

    @Test
    void streamThatAnotherProcessCompletesIsNotOverdue() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "?events=overdue&overdue=PT1S");
        try (WatchedStream other = new WatchedStream(stream.database, ScenarioApi.of(Feed.users(25)))) {
            other.start().sync();
            stream.start();
            awaitEvents(events, 1);
            other.sync();
            awaitEvents(events, 2);
        }

        assertThat(texts(events, "overdue")).containsExactly("true", "false");
        assertThat(events.get(0).path("last_complete").isNull()).isFalse();
    }

    @Test
    void stopTellsOfTheRunThatItInterrupts() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "");
        Gate gate = new Gate();
        stream.api.change(scenario -> scenario.onRequest(2, gate));
        stream.start();
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try {
                stream.sync();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> stream.database.cursor("user") != null);
        stream.context.stop();
        run.join();

        assertThat(texts(events, "status")).containsExactly("interrupted");
        assertThat(texts(events, "consecutive_failures")).containsExactly("0");
        stream.assertSynced(10, "2024-01-01T00:08:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?events=runs | route alerts: parameter events 'runs' must name, with commas between them, some of"
                        + " run, retry, page, waiting, schema-change, overdue",
                "?events=, | route alerts: parameter events ',' names no kind of event; leave it out for the ends of runs",
                "?status=broken | route alerts: parameter status 'broken' must name, with commas between them, some of"
                        + " running, complete, failed, interrupted, rate-limited, fenced",
                "?overdue=1h | route alerts: parameter overdue '1h' must be an ISO-8601 duration such as PT1H",
                "?overdue=PT0S | route alerts: parameter overdue 'PT0S' must be an ISO-8601 duration such as PT1H",
                "?event=run | route alerts: kamelet:sync-events-source has no parameter 'event'; it has events, overdue,"
                        + " status, streams",
            })
    void wrongParameterIsRefusedAtStart(String parameters, String message) throws Exception {
        assertThatThrownBy(() -> {
                    stream.handled("alerts", parameters);
                    stream.start();
                })
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessage(message));
    }

    private static List<String> texts(List<JsonNode> events, String field) {
        return events.stream().map(event -> event.path(field).asText()).toList();
    }

    private static JsonNode event(List<JsonNode> events, String kind) {
        return events.stream()
                .filter(event -> event.path("event").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}
