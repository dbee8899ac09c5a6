package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes other clients fail without need, or send what they shouldn't. */
class FailsOrLeaksPitfallsTest extends PitfallExample {

    private static MockResponse refusedFromPage3(Asked request, int status) {
        int page = request.number("page", 1);
        return page < 3 ? data(users(page * 2 - 1, page * 2)) : answer(status, "{\"error\":\"no such page\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410, 422})
    void refusedPagePastTheEndIsTheEndIfTheUserSaysSo(int status) {
        with("paging=page", "scrollParam=page", "onPageRefused=end");

        assertThat(sync(request -> refusedFromPage3(request, status))).isEqualTo("complete");
        assertThat(asked()).hasSize(3);
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 401, 403})
    void refusedFirstPageIsNeverTheEnd(int status) {
        with("paging=page", "scrollParam=page", "onPageRefused=end");

        assertThat(sync(request -> answer(status, "{}"))).isEqualTo("failed");
        assertThat(asked()).hasSize(1);
        assertThat(error()).contains("HTTP " + status);
        assertThat(cursor()).isNull();
    }

    @Test
    void tokenThatExpiresBeginsAgainSinceTheCursor() {
        with("scrollField=next", "scrollParam=cursor", "sendCursor=first");
        AtomicInteger scrolls = new AtomicInteger();

        assertThat(sync(request -> {
                    String token = request.parameter("cursor");
                    if (token.isEmpty()) {
                        return scrolls.incrementAndGet() == 1
                                ? data(users(1, 3), "\"next\":\"old\"")
                                : data(users(2, 4), "\"next\":\"new\"");
                    }
                    return token.equals("old") ? answer(410, "{}") : data(users(5, 6));
                }))
                .isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly("1970-01-01T00:00:00Z", "", time(2), "");
        assertThat(ids()).isEqualTo(ids(1, 6));
        assertThat(cursor()).isEqualTo(time(6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/users?p=2",
                "?p=2",
                "users?p=2",
                "http://api.internal/v1/users?p=2",
                "https://127.0.0.1:443:443/v1/users?p=2",
                "//evil.example/v1/users?p=2"
            })
    void linkOfAnyFormIsAskedForAtTheOwnOrigin(String link) {
        with("paging=link", "scrollField=next", "auth=bearer", "token=s3cret");

        assertThat(sync(request -> request.parameter("p").equals("2")
                        ? data(users(3, 4))
                        : data(users(1, 2), "\"next\":\"" + link + "\"")))
                .isEqualTo("complete");
        assertThat(asked())
                .hasSize(2)
                .allSatisfy(request ->
                        assertThat(request.headers().get("Authorization")).isEqualTo("Bearer s3cret"))
                .element(1)
                .satisfies(request -> assertThat(request.target()).isEqualTo("/v1/users?p=2"));
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @ParameterizedTest
    @CsvSource({
        "a+b/c==, a%2Bb%2Fc%3D%3D",
        "a%2Bb%3D, a%252Bb%253D",
        "x&y=z #?, x%26y%3Dz%20%23%3F",
        "é🐎, %C3%A9%F0%9F%90%8E"
    })
    void tokenIsEncodedOnce(String token, String sent) {
        with("scrollField=next", "scrollParam=cursor", "sendCursor=first");

        assertThat(sync(request -> request.parameter("cursor").isEmpty()
                        ? data(users(1, 2), "\"next\":\"" + token + "\"")
                        : data(users(3, 4))))
                .isEqualTo("complete");
        assertThat(sent("cursor")).containsExactly("", token);
        assertThat(asked()).extracting(Asked::target).element(1).isEqualTo("/v1/users?cursor=" + sent);
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/users?cursor=a%2Bb%3D%3D", "/v1/users?cursor=a+b/c==", "/v1/users?f[]=1&cursor=x"})
    void linkIsLeftAsItIs(String link) {
        with("paging=link", "scrollField=next");

        assertThat(sync(request -> request.query().containsKey("cursor")
                        ? data(users(3, 4))
                        : data(users(1, 2), "\"next\":\"" + link + "\"")))
                .isEqualTo("complete");
        assertThat(asked()).extracting(Asked::target).element(1).isEqualTo(link);
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @ParameterizedTest
    @CsvSource({
        "7, '{\"page\":{\"after\":7,\"size\":2},\"since\":\"1970-01-01T00:00:00Z\"}'",
        "'\"7\"', '{\"page\":{\"after\":\"7\",\"size\":2},\"since\":\"1970-01-01T00:00:00Z\"}'"
    })
    void bodyKeepsTheTypeOfATokenAndNullIsNoRecords(String token, String second, @TempDir Path folder)
            throws IOException {
        Path body = Files.writeString(
                folder.resolve("body.json"), "{\"page\":{\"after\":\"{token}\",\"size\":2},\"since\":\"{cursor}\"}");
        with("body=file:" + body, "scrollField=next", "errorField=error");

        assertThat(sync(request -> request.body().contains("after")
                        ? data("null", "\"total\":\"47\",\"error\":null")
                        : data(users(1, 2), "\"total\":\"47\",\"next\":" + token)))
                .isEqualTo("complete");
        assertThat(asked())
                .extracting(Asked::body)
                .containsExactly("{\"page\":{\"size\":2},\"since\":\"1970-01-01T00:00:00Z\"}", second);
        assertThat(asked()).extracting(Asked::method).containsOnly("POST");
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(2));
    }

    @Test
    void limitUnderStatus200IsRetried() {
        with("errorField=errors");

        assertThat(sync(request -> asked().size() == 1
                        ? json("{\"data\":null,\"errors\":[{\"message\":\"THROTTLED\"}]}")
                        : data(users(1, 2))))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(2));
    }

    @Test
    void refusalForALimitIsRetriedAndOneForRightsIsNot() {
        assertThat(sync(request -> asked().size() == 1
                        ? answer(403, "{\"message\":\"API rate limit exceeded\"}")
                        : data(users(1, 2))))
                .isEqualTo("complete");
        assertThat(sync(request -> answer(403, "{\"message\":\"Forbidden\"}"))).isEqualTo("failed");
        assertThat(asked()).hasSize(1);
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(2));
    }

    @ParameterizedTest
    @CsvSource({"Retry-After, 7200", "Retry-After, 7200.5", "RateLimit-Reset, 7200", "X-RateLimit-Reset, 99999999999"})
    void longWaitEndsTheRunAndTheNextOneContinues(String header, String value) {
        with("paging=page", "scrollParam=page");

        assertThat(sync(request -> request.number("page", 1) == 1
                        ? data(users(1, 3))
                        : answer(429, "{}", "X-RateLimit-Remaining", "0", "RateLimit-Remaining", "0", header, value)))
                .isEqualTo("rate-limited");
        assertThat(asked()).hasSize(2);
        assertThat(ids()).isEqualTo(ids(1, 3));
        assertThat(cursor()).isEqualTo(time(2));
    }
}
