package io.keysetsync.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keysetsync.Errors;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that take too long, are too large, or are not what they should be. */
@Timeout(60)
class LimitsTest {

    private static final String OK = "HTTP/1.1 200 OK\nContent-Type: application/json\n";
    private static final Map<String, String> QUICK = Map.of("connectTimeout", "PT0.5S", "responseTimeout", "PT0.5S");

    private static SyncedStream stream(String url, String... parameters) {
        Map<String, String> all = new HashMap<>(Map.of("url", url));
        for (int i = 0; i < parameters.length; i += 2) {
            all.put(parameters[i], parameters[i + 1]);
        }
        return SyncedStream.start(all);
    }

    private static SyncedStream quick(String url) {
        Map<String, String> all = new HashMap<>(QUICK);
        all.put("url", url);
        return SyncedStream.start(all);
    }

    private static Scenario api() {
        return ScenarioApi.of(Feed.users(6)).pageSize(2);
    }

    static Stream<Arguments> drips() {
        return Stream.of(
                Arguments.of("head", "HTTP/1.1 200 OK\nX-Slow: ", "a"),
                Arguments.of("body", OK + "Content-Length: 1000000\n\n{\"data\": [", " "),
                Arguments.of("chunks", OK + "Transfer-Encoding: chunked\n\n", "1\r\n \r\n"),
                Arguments.of("no end", OK + "\n", " "),
                Arguments.of("error", "HTTP/1.1 404 Not Found\nContent-Length: 1000000\n\n", "a"),
                Arguments.of("redirect", "HTTP/1.1 302 Found\nLocation: /x\nContent-Length: 1000000\n\n", "a"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drips")
    void anAnswerThatTricklesForEverIsGivenUpAtTheDeadline(String where, String head, String drop) throws Exception {
        try (RawServer api = RawServer.dripping(head, drop);
                SyncedStream stream = quick(api.url())) {
            long begin = System.nanoTime();
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
            if (where.equals("error")) {
                assertThat(stream.error()).contains("HTTP 404");
            } else {
                assertThat(stream.error())
                        .contains("no complete answer within PT1S, which is connectTimeout + responseTimeout")
                        .contains("(2 attempts)");
                assertThat(api.requests()).isEqualTo(2);
            }
            await().untilAsserted(() -> assertThat(api.openConnections()).isZero());
        }
    }

    static Stream<Fault> brokenTransfers() {
        return Stream.of(
                Fault.resetConnection(),
                Fault.closeConnection(),
                Fault.stall(),
                Fault.stallMidway(),
                Fault.truncatedBody(),
                Fault.brokenGzip());
    }

    @ParameterizedTest
    @MethodSource("brokenTransfers")
    void aBrokenTransferIsRetriedByTheFlowAlone(Fault fault) {
        try (ScenarioApi api = api().onRequest(2, fault).start();
                SyncedStream stream = quick(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(6);
            assertThat(api.requests()).as("no hidden retries").hasSize(4);
        }
    }

    @Test
    void aBombOfTenGigabytesIsRefusedAtTheLimit() throws Exception {
        byte[] mebibyte = new byte[1 << 20];
        Arrays.fill(mebibyte, (byte) ' ');
        CompletableFuture<Long> sent = new CompletableFuture<>();
        try (RawServer api = new RawServer(out -> {
                    RawServer.write(out, OK + "Content-Encoding: gzip\n\n");
                    long mebibytes = 0;
                    try (GZIPOutputStream bomb = new GZIPOutputStream(out)) {
                        for (; mebibytes < 10 << 10; mebibytes++) {
                            bomb.write(mebibyte);
                        }
                    } finally {
                        sent.complete(mebibytes);
                    }
                });
                SyncedStream stream = stream(api.url(), "maxPageSize", "8 MiB")) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("larger than maxPageSize, 8388608 bytes", "smaller pages");
            assertThat(api.requests()).as("terminal").isEqualTo(1);
            assertThat(sent.get(30, TimeUnit.SECONDS))
                    .as("MiB, before the client hung up")
                    .isLessThan(8 << 10);
        }
    }

    @Test
    void aPageOfJustTheLimitIsRead() {
        Feed feed = Feed.of(FeedRecord.user("1", "2024-01-01T00:00:00Z").with("address", "x".repeat(3 << 20)));
        try (ScenarioApi api = ScenarioApi.of(feed).gzip().start();
                SyncedStream large = stream(api.url(), "maxPageSize", "3200 KiB");
                SyncedStream small = stream(api.url(), "maxPageSize", "3 MiB")) {
            assertThat(large.run()).as(large.error()).isEqualTo("complete");
            assertThat(small.run()).isEqualTo("failed");

            assertThat(small.error()).contains("larger than maxPageSize, 3145728 bytes");
        }
    }

    @Test
    void anErrorsBodyIsNotRead() throws Exception {
        byte[] filler = new byte[1 << 16];
        try (RawServer api = new RawServer(out -> {
                    RawServer.write(out, "HTTP/1.1 500 Oops\n\n");
                    while (true) {
                        out.write(filler);
                    }
                });
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("HTTP 500 Oops (2 attempts)");
        }
    }

    static Stream<Arguments> hostileJson() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String number = "1".repeat(1_000_000);
        return Stream.of(
                Arguments.of("deep", "{\"data\":[{\"id\":\"1\",\"x\":" + deep + "}]}", "nesting depth"),
                Arguments.of("number", "{\"data\":[{\"id\":\"1\",\"x\":" + number + "}]}", "Number value length"),
                Arguments.of("fraction", "{\"data\":[{\"id\":\"1\",\"x\":0." + number + "}]}", "Number value length"),
                Arguments.of("name", "{\"data\":[{\"" + "n".repeat(100_000) + "\":1}]}", "Name length"),
                Arguments.of("duplicate", "{\"data\":[{\"id\":\"1\",\"id\":\"2\"}]}", "Duplicate field 'id'"),
                Arguments.of(
                        "duplicate token", "{\"data\":[],\"scroll_param\":\"a\",\"scroll_param\":null}", "Duplicate"),
                Arguments.of("NaN", "{\"data\":[{\"id\":NaN}]}", "not JSON"),
                Arguments.of("control", "{\"data\":[{\"id\":\"a\u0000b\"}]}", "not JSON"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileJson")
    void jsonThatMeansHarmIsOneClearError(String what, String json, String said) throws Exception {
        try (RawServer api = RawServer.answering(OK + "\n", json.getBytes(UTF_8));
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error())
                    .contains("stream people: GET ", said, "(2 attempts)")
                    .hasSizeLessThan(700);
            assertThat(stream.database().cursor(SyncedStream.NAME)).isNull();
            assertThat(stream.rows()).isZero();
        }
    }

    @Test
    void invalidUtf8IsAnErrorAndNotAQuestionMark() throws Exception {
        byte[] json = "{\"data\":[{\"id\":\"\u00e9\",\"updatedAt\":\"2024-01-01T00:00:00Z\"}]}".getBytes(ISO_8859_1);
        try (RawServer api = RawServer.answering(OK + "\n", json);
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("Invalid UTF-8");
            assertThat(stream.rows()).isZero();
        }
    }

    @Test
    void aByteOrderMarkIsNoPartOfThePage() throws Exception {
        String json = "\ufeff{\"data\":[{\"id\":\"é\",\"updatedAt\":\"2024-01-01T00:00:00Z\"}]}";
        try (RawServer api = RawServer.answering(OK + "\n", json.getBytes(UTF_8));
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.database().jdbc().queryForObject("SELECT \"id\" FROM \"user\"", String.class))
                    .isEqualTo("é");
        }
    }

    @Test
    void aRunUsesOneConnectionAndLeavesNone() throws Exception {
        try (CountedServer api = new CountedServer(request -> CountedServer.page(request, 5));
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
            assertThat(api.accepted()).as("for 5 pages").isEqualTo(1);
            await().untilAsserted(() -> assertThat(api.open()).isZero());

            assertThat(stream.run()).isEqualTo("complete");
            assertThat(api.accepted()).as("with the second run").isEqualTo(2);
        }
    }

    @Test
    void aConnectionSurvivesAShortError() throws Exception {
        try (CountedServer api = new CountedServer(
                        request -> request == 1 ? CountedServer.error(503) : CountedServer.page(request - 1, 3));
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
            assertThat(api.accepted()).isEqualTo(1);
        }
    }

    @Test
    void requestsKeepTheirDistanceRetriesIncluded() {
        try (ScenarioApi api = api().onRequest(2, Fault.status(503)).start();
                SyncedStream stream = stream(api.url(), "maxRequestsPerSecond", "5")) {
            long begin = System.nanoTime();
            assertThat(stream.run()).isEqualTo("complete");

            assertThat(api.requests()).hasSize(4);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(400));
        }
    }

    @Test
    void aWaitForTheNextTurnEndsAtOnceWhenTheProgramStops() throws Exception {
        try (ScenarioApi api = api().start();
                SyncedStream stream = stream(api.url(), "maxRequestsPerSecond", "0.001")) {
            CompletableFuture<String> run = CompletableFuture.supplyAsync(stream::run);
            await().until(() -> api.requests().size() == 1);
            long begin = System.nanoTime();
            stream.context().stop();

            assertThat(run.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "maxRequestsPerSecond, fast, must be a number from 0.0001 to 1000000",
        "maxRequestsPerSecond, 0, must be a number from 0.0001 to 1000000",
        "maxRequestsPerSecond, NaN, must be a number from 0.0001 to 1000000",
        "maxPageSize, 64 MX, must be a size such as 64 MiB",
        "maxPageSize, 0, must be a size such as 64 MiB",
        "maxPageSize, 99999999999999999 GiB, must be a size such as 64 MiB",
        "connectTimeout, PT0S, must be a duration of at least a millisecond",
        "responseTimeout, -PT1S, must be an ISO-8601 duration"
    })
    void anInvalidLimitIsRefused(String parameter, String value, String said) {
        assertThatThrownBy(() -> stream("http://127.0.0.1/", parameter, value))
                .extracting(Errors::known)
                .asString()
                .contains("stream people: parameter " + parameter + " '" + value + "' " + said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000", "1000B", "1 KB", "1kib", "2 GiB"})
    void sizesHaveUnits(String size) {
        try (SyncedStream stream = stream("http://127.0.0.1/", "maxPageSize", size)) {
            assertThat(stream.context().isStarted()).isTrue();
        }
    }
}
