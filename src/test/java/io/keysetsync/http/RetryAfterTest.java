package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long an API asks to wait, and which refusals are a matter of its rate limit. */
@Timeout(60)
class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z"); // 1714564800

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new HashMap<>();
        for (String line : text.split(" \\| ", -1)) {
            headers.put(line.split(": ", 2)[0], line.split(": ", 2)[1]);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            Retry-After: 30 -> PT30S
            retry-after: 30 -> PT30S
            Retry-After: 0 -> PT0S
            Retry-After: 1.5 -> PT1.5S
            Retry-After: 0.0001 -> PT0.001S
            Retry-After: -5 -> PT0S
            Retry-After: Wed, 01 May 2024 12:01:00 GMT -> PT1M
            Retry-After: Wed, 01 May 2024 11:00:00 GMT -> PT0S
            Retry-After: 86400 -> PT24H
            Retry-After: 7 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 60 -> PT7S
            Retry-After: soon | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 60 -> PT1M
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 60 -> PT1M
            X-RateLimit-Remaining: 0.0 | X-RateLimit-Reset: 59.5 -> PT59.5S
            x-ratelimit-remaining: 0 | X-RATELIMIT-RESET: 1714564860 -> PT1M
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1714564860.25 -> PT1M0.25S
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1714564860000 -> PT1M
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1714564799 -> PT0S
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: -1 -> PT0S
            X-RateLimit-Remaining: -1 | X-RateLimit-Reset: 3 -> PT3S
            RateLimit-Remaining: 0 | RateLimit-Reset: 60 -> PT1M
            X-Rate-Limit-Remaining: 0 | X-Rate-Limit-Reset: 1714564860 -> PT1M
            X-Acme-RateLimit-Daily-Remaining: 0 | X-Acme-RateLimit-Daily-Reset: 60 -> PT1M
            x-ratelimit-remaining-tokens: 0 | x-ratelimit-reset-tokens: 60 -> PT1M
            acme-ratelimit-requests-remaining: 0 | acme-ratelimit-requests-reset: 2024-05-01T12:01:00Z -> PT1M
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1714564861 | X-RateLimit-Reset-After: 60.5 -> PT1M0.5S
            X-RateLimit-Remaining: 9 | X-RateLimit-Reset: 90 | RateLimit-Remaining: 0 | RateLimit-Reset: 6 -> PT6S
            X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 90 | RateLimit-Remaining: 0 | RateLimit-Reset: 6 -> PT1M30S
            X-RateLimit-Remaining: 0 | RateLimit-Remaining: 0 | RateLimit-Reset: 6 -> PT6S
            RateLimit: limit=100, remaining=0, reset=30 -> PT30S
            RateLimit: limit=100,reset=30,remaining=0 -> PT30S
            RateLimit: "burst";r=5;t=90, "hour";r=0;t=30 -> PT30S
            """)
    void theWaitIsWhatTheHeadersSay(String headers, Duration wait) {
        assertThat(new RetryAfter(headers(headers)).from(NOW)).isEqualTo(wait);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Retry-After: soon",
                "Retry-After: ",
                "Retry-After: 1e9",
                "X-RateLimit-Reset: 60",
                "X-RateLimit-Remaining: 3 | X-RateLimit-Reset: 60",
                "X-RateLimit-Remaining: 0",
                "X-RateLimit-Remaining: none | X-RateLimit-Reset: 60",
                "X-RateLimit-Remaining: 0 | X-RateLimit-Reset: tomorrow",
                "X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 2024-99-99T12:01:00Z",
                "X-Remaining: 0 | X-Reset: 60",
                "RateLimit: limit=100, remaining=5, reset=30",
                "RateLimit: \"burst\";r=5;t=90"
            })
    void withoutAPlainWordTheWaitIsComputed(String headers) {
        assertThat(new RetryAfter(headers(headers)).from(NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "99999999999", "9999999999999"})
    void noNumberIsTooLarge(String number) {
        assertThat(new RetryAfter(Map.of("Retry-After", number)).from(NOW)).isGreaterThan(Duration.ofDays(1000));
    }

    private static SyncedStream stream(ScenarioApi api) {
        return SyncedStream.start(Map.of("url", api.url()));
    }

    static Stream<Fault> rateLimits() {
        return Stream.of(
                Fault.status(509),
                Fault.status(520),
                Fault.status(521),
                Fault.status(522),
                Fault.status(524),
                Fault.status(529),
                Fault.status(403, "Retry-After", "0"),
                Fault.status(403, "X-RateLimit-Remaining", "0"),
                Fault.status(429, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1"),
                Fault.json(403, "{\"message\":\"API rate limit exceeded for 10.0.0.1\"}"),
                Fault.json(403, "{\"errors\":[{\"reason\":\"rateLimitExceeded\"}]}"),
                Fault.json(403, "{\"errors\":[{\"reason\":\"userRateLimitExceeded\"}]}"));
    }

    @ParameterizedTest
    @MethodSource("rateLimits")
    void aRefusalThatPassesIsRetried(Fault fault) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3))
                        .pageSize(2)
                        .onRequest(2, fault)
                        .start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(3);
            assertThat(api.requests()).hasSize(3);
        }
    }

    static Stream<Fault> lastingRefusals() {
        return Stream.of(
                Fault.status(403),
                Fault.status(403, "X-RateLimit-Remaining", "17", "X-RateLimit-Reset", "60"),
                Fault.json(403, "{\"message\":\"no permission\"}"),
                Fault.status(402, "Retry-After", "0"),
                Fault.status(523));
    }

    @ParameterizedTest
    @MethodSource("lastingRefusals")
    void anotherRefusalFailsAtOnce(Fault fault) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).onRequest(1, fault).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("check the url, the query and the credentials");
            assertThat(api.requests()).hasSize(1);
        }
    }

    static Stream<Arguments> longWaits() {
        return Stream.of(
                Arguments.of(Fault.status(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "3600"), "PT1H"),
                Arguments.of(Fault.status(429, "Retry-After", "3600.5"), "PT1H0.5S"),
                Arguments.of(Fault.status(429, "RateLimit", "limit=9, remaining=0, reset=7200"), "PT2H"));
    }

    @ParameterizedTest
    @MethodSource("longWaits")
    void aLongWaitEndsTheRunAsRateLimited(Fault fault, String wait) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).onRequest(1, fault).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).isEqualTo("rate-limited");

            assertThat(stream.error()).contains("asked to wait " + wait, "longer than maxRetryAfter");
        }
    }
}
