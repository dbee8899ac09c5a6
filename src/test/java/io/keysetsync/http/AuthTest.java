package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of credentials, by the examples of {@code docs/authentication.md}. */
@Timeout(60)
class AuthTest {

    /** What may stand in a password, and has a meaning in a URI, in YAML, in a header or to Camel. */
    private static final String SECRET = "p&s=w%41+#?é \"'\\)}RAW(x)${body}";

    private static final Pattern EXAMPLE = Pattern.compile("```yaml\nparameters:\n(.*?)```", Pattern.DOTALL);

    private final ScenarioApi api = ScenarioApi.of(Feed.of()).start();
    private final TokenServer oauth = new TokenServer("access_token");
    private final TokenServer login = new TokenServer("token");

    @AfterEach
    void stop() {
        api.close();
        oauth.close();
        login.close();
    }

    private static Scenario users() {
        return ScenarioApi.of(Feed.users(6)).pageSize(2);
    }

    private void apiThatWants(Predicate<Request> credentials) {
        api.reset(users().when(request -> !credentials.test(request), Fault.status(401)));
    }

    /** The example of this page with this many lines that begin so, against the test's servers. */
    private Map<String, String> example(String... lines) throws IOException {
        Matcher examples = EXAMPLE.matcher(Files.readString(Path.of("docs/authentication.md")));
        while (examples.find()) {
            if (Stream.of(lines).allMatch(examples.group(1)::contains)) {
                Map<String, String> parameters = new HashMap<>();
                JsonNode example = new YAMLMapper().readTree(examples.group(1));
                example.properties()
                        .forEach(entry ->
                                parameters.put(entry.getKey(), entry.getValue().asText()));
                parameters.putAll(Map.of("stream", SyncedStream.NAME, "url", api.url()));
                parameters.computeIfPresent("tokenUrl", (name, url) -> oauth.url());
                parameters.computeIfPresent("loginUrl", (name, url) -> login.url());
                return parameters;
            }
        }
        throw new AssertionError("no example with " + List.of(lines));
    }

    private static SyncedStream start(Map<String, String> parameters, String secret) {
        return SyncedStream.start(
                parameters,
                Map.of(
                        "sync.orders.password",
                        secret,
                        "sync.orders.token",
                        secret,
                        "sync.orders.client-secret",
                        secret,
                        "sync.orders.refresh-token",
                        "r&" + secret));
    }

    private void completes(SyncedStream stream) {
        assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
        assertThat(stream.rows()).isEqualTo(6);
        assertThat(api.requests()).as("signed from the first on").hasSize(3);
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static boolean has(Request request, String header, String value) {
        return request.headers().getOrDefault(header, List.of()).equals(List.of(value));
    }

    @Test
    void basicIsSentWithTheFirstRequest() throws IOException {
        apiThatWants(request -> has(request, "authorization", basic("sync", SECRET)));
        try (SyncedStream stream = start(example("auth: basic"), SECRET)) {
            completes(stream);
        }
    }

    @Test
    void basicMayGoWithoutAPassword() throws IOException {
        apiThatWants(request -> has(request, "authorization", basic("key", "")));
        Map<String, String> parameters = example("auth: basic");
        parameters.putAll(Map.of("username", "key", "password", ""));
        try (SyncedStream stream = start(parameters, SECRET)) {
            completes(stream);
        }
    }

    @Test
    void bearerIsSentAsItIs() throws IOException {
        String token = "aA1-._~+/&#%{}=";
        apiThatWants(request -> has(request, "authorization", "Bearer " + token));
        try (SyncedStream stream = start(example("auth: bearer"), token)) {
            completes(stream);
        }
    }

    @Test
    void anApiKeyCanBeAHeader() throws IOException {
        apiThatWants(request -> has(request, "x-api-key", "k&y #1"));
        try (SyncedStream stream = start(example("auth: apiKey"), "k&y #1")) {
            completes(stream);
        }
    }

    @Test
    void anApiKeyCanBeInTheQueryAndInNoError() throws IOException {
        apiThatWants(request -> SECRET.equals(request.parameter("api_key"))
                && request.parameters().get("api_key").size() == 1);
        try (SyncedStream stream = start(example("apiKeyIn: query"), SECRET)) {
            completes(stream);

            api.change(scenario -> scenario.always(Fault.status(403)));
            stream.run();
            assertThat(stream.error()).contains("HTTP 403").doesNotContain("api_key", "p&s", "p%26s");
        }
    }

    @Test
    void oauthAsksForOneTokenAndKeepsIt() throws IOException {
        api.reset(oauth.protecting(users(), "Bearer"));
        try (SyncedStream stream = start(example("auth: oauth2"), SECRET)) {
            completes(stream);
            assertThat(stream.run()).isEqualTo("complete");

            assertThat(oauth.requests()).singleElement().satisfies(request -> {
                String secret = "p%26s%3Dw%2541%2B%23%3F%C3%A9+%22%27%5C%29%7DRAW%28x%29%24%7Bbody%7D";
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.body()).isEqualTo("grant_type=client_credentials&scope=orders.read");
                assertThat(request.header("content-type")).startsWith("application/x-www-form-urlencoded");
                assertThat(request.header("authorization")).isEqualTo(basic("keyset-sync", secret));
                assertThat(request.header("user-agent")).startsWith("keyset-sync/");
            });
        }
    }

    @Test
    void oauthRenewsATokenThatIsRefusedMidRun() throws IOException {
        api.reset(oauth.protecting(users(), "Bearer").onRequest(2, feed -> oauth.revokeAll()));
        try (SyncedStream stream = start(example("auth: oauth2"), SECRET)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(6);
            assertThat(oauth.requests()).hasSize(2);
            assertThat(api.requests())
                    .extracting(request -> request.header("authorization"))
                    .containsExactly(
                            "Bearer " + TokenServer.token(1),
                            "Bearer " + TokenServer.token(1),
                            "Bearer " + TokenServer.token(2),
                            "Bearer " + TokenServer.token(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oauth2", "session"})
    void aNewTokenThatIsRefusedAtOnceFailsTheRun(String auth) throws IOException {
        api.reset(users().always(Fault.status(401)));
        try (SyncedStream stream = start(example("auth: " + auth), SECRET)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("HTTP 401", "check the url, the query and the credentials");
            assertThat(api.requests()).hasSize(2);
            assertThat(oauth.requests().size() + login.requests().size()).isEqualTo(2);
        }
    }

    @Test
    void sessionLogsInOnceAndAgainAfterARefusal() throws IOException {
        api.reset(login.protecting(users(), "Token").onRequest(2, feed -> login.revokeAll()));
        try (SyncedStream stream = start(example("auth: session"), SECRET)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(6);
            assertThat(login.requests()).hasSize(2).allSatisfy(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.header("content-type")).startsWith("application/json");
                assertThat(request.header("authorization")).isNull();
                assertThat(new YAMLMapper().readTree(request.body()))
                        .isEqualTo(new YAMLMapper()
                                .createObjectNode()
                                .put("username", "sync")
                                .put("password", SECRET));
            });
        }
    }

    private static final String SECRET_IN_A_FORM =
            "p%26s%3Dw%2541%2B%23%3F%C3%A9+%22%27%5C%29%7DRAW%28x%29%24%7Bbody%7D";

    @Test
    void oauthCanUseARefreshToken() throws IOException {
        api.reset(oauth.protecting(users(), "Bearer"));
        try (SyncedStream stream = start(example("refreshToken:"), SECRET)) {
            completes(stream);

            assertThat(oauth.requests()).singleElement().satisfies(request -> {
                assertThat(request.body()).isEqualTo("grant_type=refresh_token&refresh_token=r%26" + SECRET_IN_A_FORM);
                assertThat(request.header("authorization")).isEqualTo(basic("keyset-sync", SECRET_IN_A_FORM));
            });
        }
    }

    @Test
    void aClientWithoutASecretIsAFieldOfTheForm() throws IOException {
        api.reset(oauth.protecting(users(), "Bearer"));
        Map<String, String> parameters = example("refreshToken:");
        parameters.putAll(Map.of("clientSecret", "", "refreshToken", "abc", "scope", "orders.read"));
        try (SyncedStream stream = start(parameters, SECRET)) {
            completes(stream);

            assertThat(oauth.requests()).singleElement().satisfies(request -> {
                assertThat(request.body())
                        .isEqualTo(
                                "grant_type=refresh_token&refresh_token=abc&client_id=keyset-sync&scope=orders.read");
                assertThat(request.header("authorization")).isNull();
            });
        }
    }

    @Test
    void aFormHasFurtherFieldsAndAnotherGrant() throws IOException {
        api.reset(oauth.protecting(users(), "Bearer"));
        try (SyncedStream stream = start(example("tokenForm:"), SECRET)) {
            completes(stream);

            assertThat(oauth.requests()).singleElement().satisfies(request -> {
                assertThat(request.body()).isEqualTo("grant_type=account_credentials&account_id=A-1%2F2");
                assertThat(request.header("authorization")).isEqualTo(basic("keyset-sync", SECRET_IN_A_FORM));
            });
        }
    }

    @Test
    void aFormCanNameTheClientByItself() throws IOException {
        api.reset(oauth.protecting(users(), "Bearer"));
        Map<String, String> parameters = example("tokenForm:");
        parameters.putAll(Map.of(
                "clientId",
                "",
                "clientSecret",
                "",
                "tokenForm",
                "RAW(client_id=a&client_secret=b%26+c&resource=x&resource=y)"));
        try (SyncedStream stream = start(parameters, SECRET)) {
            completes(stream);

            assertThat(oauth.requests()).singleElement().satisfies(request -> {
                assertThat(request.body())
                        .isEqualTo("grant_type=client_credentials&client_id=a&client_secret=b%26%2Bc"
                                + "&resource=x&resource=y");
                assertThat(request.header("authorization")).isNull();
            });
        }
    }

    @Test
    void aRefusedRefreshTokenIsOneClearLine() throws IOException {
        oauth.always(Fault.json(400, "{\"error\":\"invalid_grant\"}"));
        try (SyncedStream stream = start(example("refreshToken:"), SECRET)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error())
                    .contains("HTTP 400", "check tokenUrl, clientId, clientSecret, refreshToken and scope")
                    .doesNotContain("p&s", "p%26s");
        }
    }

    @ParameterizedTest
    @CsvSource({"Bearer, Bearer tok", "'', tok", "Session-Id, Session-Id tok"})
    void aLoginCanHaveAnotherBodyAndAnotherAnswer(String scheme, String sent) throws IOException {
        login.always(Fault.json(200, "{\"data\":{\"access_token\":\"tok\"}}"));
        api.reset(users().when(request -> !has(request, "authorization", sent), Fault.status(401)));
        Matcher body = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/authentication.md")));
        assertThat(body.find()).isTrue();
        Path file = Files.createTempFile("login", ".json");
        try {
            Files.writeString(file, body.group(1));
            Map<String, String> parameters = example("loginBody:");
            parameters.putAll(Map.of("loginBody", file.toUri().toString(), "tokenScheme", scheme));
            try (SyncedStream stream = start(parameters, SECRET + "{username}")) {
                completes(stream);

                assertThat(login.requests()).singleElement().satisfies(request -> {
                    JsonNode posted = new YAMLMapper().readTree(request.body());
                    assertThat(posted.at("/user/email").asText()).isEqualTo("sync");
                    assertThat(posted.at("/user/password").asText()).isEqualTo(SECRET + "{username}");
                    assertThat(posted.at("/grant").asText()).isEqualTo("login");
                    assertThat(request.header("content-type")).startsWith("application/json");
                });
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aLoginWithoutItsTokenNamesWhereItWasSought() throws IOException {
        Map<String, String> parameters = example("auth: session");
        parameters.put("tokenField", "data.access_token");
        try (SyncedStream stream = start(parameters, SECRET)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error())
                    .contains("no token in 'data.access_token'", "check loginUrl, username, password")
                    .doesNotContain("tok-1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            '' -> can't be read: is empty
            {"a": -> can't be read: is not JSON in line 1
            {"user": "{username}"} s3cret -> can't be read: is not JSON in line 1
            {"user": "{username}"} -> password is given, but loginBody has no {password}
            {"password": "{password}"} -> username is given, but loginBody has no {username}
            """)
    void aLoginBodyThatCannotWorkIsRefusedAtStart(String json, String said) throws IOException {
        Path file = Files.createTempFile("login", ".json");
        try {
            Files.writeString(file, json);
            Map<String, String> parameters = example("loginBody:");
            parameters.put("loginBody", file.toUri().toString());

            assertThatThrownBy(() -> start(parameters, SECRET))
                    .extracting(Errors::known)
                    .isInstanceOf(ConfigurationException.class)
                    .asString()
                    .contains("stream people: parameter ", said)
                    .doesNotContain("s3cret", "p&s");
        } finally {
            Files.delete(file);
        }
    }

    static Stream<Fault> passingFaults() {
        return Stream.of(
                Fault.status(500),
                Fault.status(503, "Retry-After", "0"),
                Fault.status(429, "Retry-After", "0"),
                Fault.resetConnection(),
                Fault.notJson(),
                Fault.emptyBody(),
                Fault.json(200, "{\"access_token\":\"tok"));
    }

    @ParameterizedTest
    @MethodSource("passingFaults")
    void aPassingFaultOfTheTokenServerIsTriedAgain(Fault fault) throws IOException {
        oauth.onRequest(1, fault);
        api.reset(oauth.protecting(users(), "Bearer"));
        try (SyncedStream stream = start(example("auth: oauth2"), SECRET)) {
            completes(stream);

            assertThat(oauth.requests()).hasSize(2);
        }
    }

    static Stream<Arguments> lastingFaults() {
        return Stream.of(
                Arguments.of(
                        Fault.status(400), List.of("HTTP 400", "check tokenUrl, clientId, clientSecret and scope")),
                Arguments.of(Fault.status(401), List.of("HTTP 401", "check tokenUrl, clientId")),
                Arguments.of(Fault.redirect("/elsewhere"), List.of("HTTP 302", "check tokenUrl")),
                Arguments.of(Fault.json(200, "{}"), List.of("no token in 'access_token'")),
                Arguments.of(Fault.json(200, "{\"access_token\":{}}"), List.of("no token in 'access_token'")),
                Arguments.of(
                        Fault.json(200, "{\"access_token\":\"a\\r\\nX-Injected: yes\"}"), List.of("no usable one")),
                Arguments.of(Fault.json(200, " ".repeat(2 << 20)), List.of("larger than 1048576 bytes")));
    }

    @ParameterizedTest
    @MethodSource("lastingFaults")
    void aLastingFaultOfTheTokenServerIsOneClearLine(Fault fault, List<String> said) throws IOException {
        oauth.always(fault);
        try (SyncedStream stream = start(example("auth: oauth2"), SECRET)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).startsWith("stream people: ").contains(said);
            assertThat(oauth.requests()).hasSize(1);
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    void aTokenServerThatStaysDownFailsTheRunByName() throws IOException {
        oauth.always(Fault.status(502));
        try (SyncedStream stream = start(example("auth: oauth2"), SECRET)) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("POST " + oauth.url(), "HTTP 502", "(2 attempts)");
        }
    }

    @Test
    void aTokenServerThatAsksForALongPauseEndsTheRunAsRateLimited() throws IOException {
        oauth.always(Fault.status(429, "Retry-After", "3600"));
        try (SyncedStream stream = start(example("auth: oauth2"), SECRET)) {
            assertThat(stream.run()).isEqualTo("rate-limited");
        }
    }

    @Test
    void aTokenServerThatTricklesIsGivenUpAtTheDeadline() throws IOException {
        try (RawServer slow = RawServer.dripping("HTTP/1.1 200 OK\nContent-Length: 1000000\n\n", " ")) {
            Map<String, String> parameters = example("auth: oauth2");
            parameters.putAll(Map.of("tokenUrl", slow.url(), "connectTimeout", "PT0.3S", "responseTimeout", "PT0.3S"));
            try (SyncedStream stream = start(parameters, SECRET)) {
                assertThat(stream.run()).isEqualTo("failed");

                assertThat(stream.error()).contains("POST " + slow.url(), "no complete answer within PT0.6S");
            }
        }
    }

    @Test
    void aSecretThatWouldBeAnotherHeaderIsRefusedWithoutBeingQuoted() throws IOException {
        Map<String, String> parameters = example("auth: bearer");

        assertThatThrownBy(() -> start(parameters, "s3cret\r\nX-Injected: yes"))
                .extracting(Errors::known)
                .asString()
                .contains("stream people: parameter token has a line break")
                .doesNotContain("s3cret", "Injected");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        Map.of("auth", "digest"), "auth 'digest' must be one of apiKey, basic, bearer, none, oauth2"),
                Arguments.of(Map.of("token", "s3cret"), "token is given, but auth 'none' does not use it"),
                Arguments.of(Map.of("auth", "basic"), "username needs a value with auth 'basic'"),
                Arguments.of(Map.of("auth", "basic", "username", "a:b"), "username has a colon"),
                Arguments.of(
                        Map.of("auth", "basic", "username", "a", "clientSecret", "s3cret"),
                        "clientSecret is given, but auth 'basic'"),
                Arguments.of(Map.of("auth", "bearer"), "token needs a value"),
                Arguments.of(Map.of("auth", "bearer", "token", "s3crét"), "token has a line break, a space"),
                Arguments.of(Map.of("auth", "bearer", "token", "x", "apiKeyIn", "query"), "apiKeyIn is given, but"),
                Arguments.of(Map.of("auth", "apiKey"), "token needs a value"),
                Arguments.of(
                        Map.of("auth", "apiKey", "token", "x", "apiKeyIn", "cookie"),
                        "apiKeyIn 'cookie' must be header or query"),
                Arguments.of(Map.of("auth", "apiKey", "token", "x", "apiKeyName", "Host"), "apiKeyName 'Host' is not"),
                Arguments.of(Map.of("auth", "apiKey", "token", "x", "apiKeyName", "a: b"), "apiKeyName 'a: b' is not"),
                Arguments.of(Map.of("auth", "oauth2", "clientId", "a"), "tokenUrl needs a value"),
                Arguments.of(
                        Map.of("auth", "oauth2", "tokenUrl", "ftp://x/", "clientId", "a", "clientSecret", "s3cret"),
                        "tokenUrl 'ftp://x/' must be an absolute http or https URL"),
                Arguments.of(
                        Map.of("auth", "oauth2", "tokenUrl", "https://u:s3cret@x/", "clientId", "a"),
                        "tokenUrl must have neither a user nor a fragment"),
                Arguments.of(Map.of("auth", "oauth2", "tokenUrl", "https://x/"), "clientId needs a value"),
                Arguments.of(
                        Map.of("auth", "oauth2", "tokenUrl", "https://x/", "clientId", "a"),
                        "clientSecret needs a value"),
                Arguments.of(
                        Map.of("auth", "bearer", "token", "x", "refreshToken", "s3cret"),
                        "refreshToken is given, but auth 'bearer'"),
                Arguments.of(
                        Map.of("auth", "basic", "username", "a", "tokenForm", "a=s3cret"),
                        "tokenForm is given, but auth 'basic'"),
                Arguments.of(Map.of("auth", "none", "tokenScheme", "Bearer"), "tokenScheme is given, but"),
                Arguments.of(
                        Map.of("auth", "oauth2", "tokenUrl", "https://x/", "clientId", "a", "tokenForm", "s3cret"),
                        "tokenForm must be fields such as audience=orders&resource=x"),
                Arguments.of(
                        Map.of("auth", "oauth2", "tokenUrl", "https://x/", "scope", "a", "tokenForm", "scope=s3cret"),
                        "tokenForm has scope, which the parameter scope gives, too"),
                Arguments.of(
                        Map.of(
                                "auth",
                                "oauth2",
                                "tokenUrl",
                                "https://x/",
                                "refreshToken",
                                "s3cret",
                                "tokenForm",
                                "refresh_token=s3cret"),
                        "tokenForm has refresh_token, which the parameter refreshToken gives, too"),
                Arguments.of(
                        Map.of("auth", "session", "loginUrl", "https://x/", "loginBody", "file:no-such.json"),
                        "loginBody 'file:no-such.json' names a resource that does not exist"),
                Arguments.of(
                        Map.of(
                                "auth",
                                "session",
                                "loginUrl",
                                "https://x/",
                                "username",
                                "a",
                                "password",
                                "s3cret",
                                "tokenScheme",
                                "a b"),
                        "tokenScheme 'a b' must be a word"),
                Arguments.of(Map.of("auth", "session", "loginUrl", "https://x/"), "username needs a value"),
                Arguments.of(
                        Map.of("auth", "session", "loginUrl", "https://x/", "username", "a"),
                        "password needs a value"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatCannotWorkIsRefusedAtStartByName(Map<String, String> parameters, String said) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put("url", api.url());

        assertThatThrownBy(() -> SyncedStream.start(all))
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .asString()
                .contains("stream people: parameter " + said)
                .doesNotContain("s3cr");
        assertThat(api.requests()).isEmpty();
    }
}
