package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.ScenarioApi;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the user wrote into url and query is sent as it is. */
@Timeout(60)
class TargetTest {

    private static final String SINCE = "updated_since=1970-01-01T00%3A00%3A00Z";

    private static SyncedStream stream(ScenarioApi api, String path, String... parameters) {
        Map<String, String> all = new HashMap<>(Map.of("url", api.url(path)));
        for (int i = 0; i < parameters.length; i += 2) {
            all.put(parameters[i], parameters[i + 1]);
        }
        return SyncedStream.start(all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/projects/group%2Fproject/issues",
                "/a%3Fb",
                "/a%3Fb%26c%3Dd",
                "/a+b%2Bc",
                "/a%20b",
                "/a%25b",
                "/a%252Fb",
                "/a%23b",
                "/%C3%A9%e2%82%ac",
                "/a;v=1/b,c:d@e",
                "/a//b",
                "//a",
                "/a/../b/./c",
                "/%7Ejoe/~jim",
                "/a/",
                "/%24%7Bbody%7D",
                "/%7B%7Bx%7D%7D"
            })
    void thePathIsSentByteForByte(String path) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).pageSize(2).start();
                SyncedStream stream = stream(api, path)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(3);
            assertThat(api.requests())
                    .extracting(Request::target)
                    .containsExactly(path + "?" + SINCE, path + "?scroll_param=token-1");
        }
    }

    @Test
    void anUmlautInThePathIsPercentEncoded() {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1)).start();
                SyncedStream stream = stream(api, "/größe/e\u0301")) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(api.requests()).extracting(Request::target).containsExactly("/gr%C3%B6%C3%9Fe/e%CC%81?" + SINCE);
        }
    }

    @Test
    void aUrlWithoutAPathAsksForTheRoot() {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1)).start();
                SyncedStream stream = stream(api, "")) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(api.requests()).extracting(Request::target).containsExactly("/?" + SINCE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            RAW(a=%2F%3F%26+b&c[]=1&c[]=2) -> a=%2F%3F%26%2Bb&c%5B%5D=1&c%5B%5D=2
            RAW(q=größe x|y) -> q=gr%C3%B6%C3%9Fe%20x%7Cy
            RAW(q=%&r=%zz) -> q=%25&r=%25zz
            RAW(a=b#c) -> a=b%23c
            """)
    void theQueryIsWrittenPlainlyAndSentEncoded(String query, String sent) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1)).start();
                SyncedStream stream = stream(api, "/x", "query", query)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(api.requests()).extracting(Request::target).containsExactly("/x?" + sent + "&" + SINCE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            /a%2Fb -> /a%2Fb?SINCE&k%5B%5D=s3cret
            /a%2Fb?k%5B%5D=x -> /a%2Fb?k%5B%5D=x&SINCE
            /a%2Fb?k[]=x -> /a%2Fb?k%5B%5D=x&SINCE
            /a%2Fb?kk%5B%5D=x -> /a%2Fb?kk%5B%5D=x&SINCE&k%5B%5D=s3cret
            """)
    void aKeyIsAddedWhereTheQueryLacksIt(String asked, String sent) {
        String[] parts = asked.split("\\?", 2);
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1)).start();
                SyncedStream stream = stream(
                        api,
                        parts[0],
                        "query",
                        parts.length == 1 ? "" : "RAW(" + parts[1] + ")",
                        "auth",
                        "apiKey",
                        "apiKeyIn",
                        "query",
                        "apiKeyName",
                        "k[]",
                        "token",
                        "s3cret")) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(api.requests()).extracting(Request::target).containsExactly(sent.replace("SINCE", SINCE));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            next%2Fone?a=%2B+ -> /a%2Fb/next%2Fone?a=%2B+
            /moved%2Fto -> /moved%2Fto
            """)
    void aRedirectStartsFromTheUrlAsItWasSent(String location, String target) {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1))
                        .onRequest(1, Fault.redirect(307, location))
                        .start();
                SyncedStream stream = stream(api, "/a%2Fb/c")) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(api.requests()).extracting(Request::target).containsExactly("/a%2Fb/c?" + SINCE, target);
        }
    }
}
