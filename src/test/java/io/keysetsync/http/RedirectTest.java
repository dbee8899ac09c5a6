package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API may redirect a request to another path of the same origin, and nowhere else. */
@Timeout(60)
class RedirectTest {

    private static Scenario api() {
        return ScenarioApi.of(Feed.users(6)).pageSize(2);
    }

    private static SyncedStream stream(ScenarioApi api) {
        return SyncedStream.start(Map.of("url", api.url(), "auth", "bearer", "token", "s3cret"));
    }

    private static Scenario movedTo(String target, int status, Scenario scenario) {
        return scenario.when(request -> request.path().equals("/records"), Fault.redirect(status, target));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectWithinTheOriginIsFollowedWithTheCredentials(int status) {
        try (ScenarioApi api = movedTo("/v2?updated_since=1970-01-01T00:00:00Z", status, api().pageSize(6))
                        .start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(6);
            assertThat(api.requests()).extracting(Request::path).containsExactly("/records", "/v2");
            assertThat(api.requests()).allSatisfy(request -> assertThat(request.header("Authorization"))
                    .isEqualTo("Bearer s3cret"));
            assertThat(api.requests()).extracting(Request::method).containsOnly("GET");
        }
    }

    @Test
    void anotherOriginGetsNoRequestAndTheErrorNamesItWithoutItsQuery() {
        try (ScenarioApi other = api().start();
                ScenarioApi api =
                        movedTo(other.url("/take?key=hidden#there"), 302, api()).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error())
                    .contains("redirects to " + other.url("/take") + ", another origin", "set url")
                    .doesNotContain("hidden", "attempts");
            assertThat(other.requests()).isEmpty();
            assertThat(api.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/records",
                "//evil.example/records",
                "http://evil@127.0.0.1/records",
                "http://127.0.0.1.evil.example/",
                "http://localhost/records",
                "ftp://127.0.0.1/records",
                "file:/etc/passwd",
                "file:///etc/passwd",
                "jar:file:/tmp/x.jar!/y",
                "javascript:alert(1)",
                "http://",
                "http://[",
                "{{env:HOME}}",
                "http://${body}/"
            })
    void whateverIsNotTheSameOriginIsRefused(String target) {
        try (ScenarioApi api = movedTo(target, 307, api()).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("the API ").containsAnyOf("redirects to ", "HTTP 307");
            assertThat(api.requests().size()).isLessThanOrEqualTo(7);
            assertThat(stream.rows()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/records", "/records?again=1"})
    void aCircleEndsWithAClearError(String target) {
        try (ScenarioApi api = movedTo(target, 302, api()).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("the API redirects in a circle, or more than 5 times in a row");
            assertThat(api.requests()).hasSizeLessThan(8);
        }
    }

    @Test
    void whatNeverEndsIsGivenUpEvenIfEachPlaceIsNew() {
        try (ScenarioApi api = api().start()) {
            for (int i = 0; i < 20; i++) {
                String from = i == 0 ? "/records" : "/" + i;
                String to = "/" + (i + 1);
                api.change(scenario -> scenario.when(request -> request.path().equals(from), Fault.redirect(to)));
            }
            try (SyncedStream stream = stream(api)) {
                assertThat(stream.run()).isEqualTo("failed");

                assertThat(stream.error()).contains("in a circle, or more than 5 times");
                assertThat(api.requests()).hasSize(6);
            }
        }
    }

    @Test
    void headersThatARedirectTriesToSmuggleInGoNowhere() {
        try (ScenarioApi api = movedTo("/v2%0d%0aX-Injected:%20yes", 302, api().pageSize(6))
                        .start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(api.requests()).allSatisfy(request -> assertThat(request.header("X-Injected"))
                    .isNull());
        }
    }
}
