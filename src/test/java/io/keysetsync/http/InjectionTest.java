package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a response says steers a request: not its tokens, not its cursors, not its headers, not its records. */
@Timeout(60)
class InjectionTest {

    private static final Set<String> HEADERS =
            Set.of("accept", "accept-encoding", "authorization", "connection", "host", "user-agent");

    private static SyncedStream stream(ScenarioApi api) {
        return SyncedStream.start(
                Map.of("url", api.url(), "query", "limit=2", "auth", "bearer", "token", "s3cret"),
                Map.of("sync.database.password", "hidden"));
    }

    /** Each request is the next one of the loop's own, to the letter. */
    private static void onlyOrdinaryRequests(ScenarioApi api) {
        assertThat(api.requests()).isNotEmpty().allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.path()).isEqualTo("/records");
            assertThat(request.headers().keySet()).isSubsetOf(HEADERS);
            assertThat(request.header("host")).isEqualTo(URI.create(api.url()).getAuthority());
            assertThat(request.body()).isEmpty();
            assertThat(request.parameters().keySet())
                    .isIn(Set.of("limit", "updated_since"), Set.of("limit", "scroll_param"));
            assertThat(request.target()).doesNotContain("#", "\"", " ", "\\", "{{", "hidden");
        });
    }

    static List<String> hostile() {
        return Stream.concat(
                        Scenario.HOSTILE_TOKENS.stream(),
                        Stream.of(
                                "&limit=1&scroll_param=other",
                                "{{env:HOME}}",
                                "{{file:/etc/hostname}}",
                                "#property:sync.database.password",
                                "#bean:dataSource",
                                "${env.HOME}",
                                "http://evil.example/",
                                "../../admin",
                                "\u0000",
                                "\u2028"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aTokenIsSentBackToTheLetterAndIsNothingElse(String ending) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(5))
                        .pageSize(2)
                        .tokenText(ending)
                        .start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(5);
            assertThat(api.requests())
                    .extracting(request -> request.parameter("scroll_param"))
                    .containsExactly(null, "token-1" + ending, "token-2" + ending);
            onlyOrdinaryRequests(api);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-01-01T00:00:00Z&limit=9",
                "2024-01-01T00:00:00Z#x",
                "2024-01-01T00:00:00Z\r\nX-Injected: yes",
                "{{sync.database.password}}",
                "${header.CamelHttpUri}"
            })
    void aCursorThatIsNoTimeIsNeverSent(String cursor) {
        Feed feed = Feed.users(3);
        feed.put(FeedRecord.of("x", cursor));
        try (ScenarioApi api = ScenarioApi.of(feed).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).isEqualTo("complete");
            assertThat(stream.run()).isEqualTo("complete");

            assertThat(api.requests())
                    .extracting(request -> request.parameter("updated_since"))
                    .containsExactly("1970-01-01T00:00:00Z", "2024-01-01T00:02:00Z");
            onlyOrdinaryRequests(api);
        }
    }

    @Test
    void headersOfAResponseDoNotSteerTheNextRequest() throws Exception {
        try (ScenarioApi elsewhere = ScenarioApi.of(Feed.users(1)).start();
                CountedServer api = new CountedServer(request -> CountedServer.page(request, 3)
                        .newBuilder()
                        .addHeader("CamelHttpUri", elsewhere.url())
                        .addHeader("CamelHttpPath", "/admin")
                        .addHeader("CamelHttpQuery", "all=1")
                        .addHeader("CamelHttpRawQuery", "all=1")
                        .addHeader("CamelHttpMethod", "DELETE")
                        .addHeader("CamelRestHttpUri", elsewhere.url())
                        .addHeader("CamelJacksonUnmarshalType", "java.util.HashMap")
                        .addHeader("Host", "evil.example")
                        .addHeader("Set-Cookie", "a=b")
                        .addHeader("Link", "<" + elsewhere.url() + ">; rel=next")
                        .addHeader("Content-Location", elsewhere.url())
                        .addHeader("Refresh", "0; url=" + elsewhere.url())
                        .build());
                SyncedStream stream =
                        SyncedStream.start(Map.of("url", api.url(), "auth", "bearer", "token", "s3cret"))) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(3);
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(api.targets())
                    .containsExactly(
                            "GET /records?updated_since=1970-01-01T00%3A00%3A00Z",
                            "GET /records?scroll_param=t1", "GET /records?scroll_param=t2");
        }
    }

    @Test
    void fieldsOfARecordAreDataWhateverTheyAreCalled() {
        Feed feed = Feed.users(3);
        feed.put(FeedRecord.user("2", "2024-01-01T00:01:00Z")
                .with("CamelHttpUri", "http://evil.example/")
                .with("CamelHttpQuery", "all=1")
                .with("@class", "java.lang.Runtime")
                .with("name", "${camelContext.stop()} {{sync.database.password}} #bean:x"));
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(1).start();
                SyncedStream stream = stream(api)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.database()
                            .jdbc()
                            .queryForObject("SELECT \"name\" FROM \"user\" WHERE \"id\" = '2'", String.class))
                    .isEqualTo("${camelContext.stop()} {{sync.database.password}} #bean:x");
            onlyOrdinaryRequests(api);
            assertThat(api.requests()).extracting(Request::number).hasSize(3);
        }
    }
}
