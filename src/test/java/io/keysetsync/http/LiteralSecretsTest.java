package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Secrets that look like something to Camel arrive as they were given, byte for byte. */
@Timeout(120)
class LiteralSecretsTest {

    /** Of visible characters of ASCII alone, so that a header can carry each of them. */
    private static final List<String> SECRETS = List.of(
            "ab{{cd}}ef",
            "{{cd}}",
            "{{?x}}",
            "{{the.secret}}",
            "{{cd:ef}}",
            "}}ab{{",
            "{{{{a}}",
            "\\{{x\\}}",
            "ab\\c",
            "ab\\",
            "{{file:/nowhere}}x",
            "x{{env:PATH}}",
            "p&s=w%41+#!$ \"'\\)}RAW(x)${body}{cursor}{token}{word}",
            "#property:other",
            "literal:#property:other",
            "#bean:other",
            "RAW({{x}})");

    private static final String KEY = "#property:the.secret";

    @TempDir
    private Path folder;

    private final ScenarioApi api = ScenarioApi.of(Feed.users(1)).start();
    private final TokenServer tokens = new TokenServer("access_token");

    @AfterEach
    void stop() {
        api.close();
        tokens.close();
    }

    /** What a secret is a part of, and how the servers see it. */
    private record Kind(Map<String, String> parameters, Function<LiteralSecretsTest, String> arrived) {

        @Override
        public String toString() {
            return parameters.toString();
        }
    }

    private static Kind ofApi(Map<String, String> parameters, Function<Request, String> arrived) {
        return new Kind(parameters, test -> arrived.apply(test.api.requests().get(0)));
    }

    private static Kind ofTokens(Map<String, String> parameters, Function<Request, String> arrived) {
        return new Kind(parameters, test -> arrived.apply(test.tokens.requests().get(0)));
    }

    private static List<Kind> kinds() {
        return List.of(
                ofApi(
                        Map.of("auth", "bearer", "token", KEY),
                        request -> after("Bearer ", request.header("authorization"))),
                ofApi(
                        Map.of("auth", "bearer", "token", "RAW(" + KEY + ")"),
                        request -> after("Bearer ", request.header("authorization"))),
                ofApi(Map.of("auth", "apiKey", "token", KEY), request -> request.header("x-api-key")),
                ofApi(
                        Map.of("auth", "apiKey", "token", KEY, "apiKeyIn", "query", "apiKeyName", "key"),
                        request -> request.parameter("key")),
                ofApi(
                        Map.of("auth", "basic", "username", "me", "password", KEY),
                        request -> after("me:", basic(request.header("authorization")))),
                ofApi(Map.of("headers", "X-Other: 1\nX-Key: " + KEY), request -> request.header("x-key")),
                ofTokens(
                        Map.of("auth", "session", "username", "me", "password", KEY, "tokenField", "access_token"),
                        request -> json(request.body(), "/password")),
                ofTokens(
                        Map.of("auth", "oauth2", "clientId", "me", "clientSecret", KEY),
                        request -> decoded(after("me:", basic(request.header("authorization"))))),
                ofTokens(
                        Map.of("auth", "oauth2", "clientId", "me", "refreshToken", KEY),
                        request -> field("refresh_token", request.body())));
    }

    private static String after(String prefix, String text) {
        assertThat(text).startsWith(prefix);
        return text.substring(prefix.length());
    }

    private static String basic(String header) {
        return new String(Base64.getDecoder().decode(after("Basic ", header)), StandardCharsets.UTF_8);
    }

    private static String json(String body, String pointer) {
        try {
            return new ObjectMapper().readTree(body).at(pointer).textValue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String field(String name, String form) {
        return Stream.of(form.split("&", -1))
                .filter(each -> each.startsWith(name + "="))
                .map(each -> decoded(after(name + "=", each)))
                .collect(Collectors.joining());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static List<String> secrets() {
        return SECRETS;
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSettingIsSentAsItIs(String secret) {
        assertArrives(kinds().get(0), Map.of("the.secret", secret), secret);
    }

    private void assertArrives(Kind kind, Map<String, String> settings, String secret) {
        Map<String, String> parameters = new HashMap<>(kind.parameters());
        parameters.put("url", api.url());
        if (parameters.containsValue("oauth2")) {
            parameters.put("tokenUrl", tokens.url());
        } else if (parameters.containsValue("session")) {
            parameters.put("loginUrl", tokens.url());
        }
        try (SyncedStream stream = SyncedStream.start(parameters, settings)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
        }
        assertThat(kind.arrived().apply(this)).isEqualTo(secret);
    }

    static Stream<Arguments> waysOfEachKind() {
        return kinds().stream()
                .flatMap(kind -> Stream.of("itself", "a file", "a file of a folder", "a system property", "a vault")
                        .map(way -> Arguments.of(kind, way)));
    }

    @ParameterizedTest
    @MethodSource("waysOfEachKind")
    void eachKindOfCredentialsGetsWhatTheSettingNamesAndNoMore(Kind kind, String way) throws IOException {
        String secret = "ab{{cd}}{{?x}}{{file:/nowhere}}\\{{e}}#$%&+{ }RAW(\\";
        Files.writeString(folder.resolve("secret"), secret + "\n");
        System.setProperty("literal.secrets.test", secret);
        try {
            String value =
                    switch (way) {
                        case "itself" -> secret;
                        case "a file" -> "{{file:" + folder + "/secret}}";
                        case "a file of a folder" -> "{{file:{{folder}}/secret}}";
                        case "a vault" -> "{{test-vault:" + encoded(secret) + "}}";
                        default -> "{{sys:literal.secrets.test}}";
                    };
            assertArrives(kind, Map.of("the.secret", value, "folder", folder.toString()), secret);
        } finally {
            System.clearProperty("literal.secrets.test");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Without what has a meaning in all headers, in a query or in a form. */
    static Stream<String> plainSecrets() {
        return SECRETS.stream().filter(secret -> !secret.contains("&"));
    }

    @ParameterizedTest
    @MethodSource("plainSecrets")
    void allHeadersOfASettingAreSentAsTheyAre(String secret) {
        Map<String, String> settings = Map.of("the.secret", "X-Key: " + secret + "\nX-Other: 1");

        assertArrives(ofApi(Map.of("headers", KEY), request -> request.header("x-key")), settings, secret);
    }

    @ParameterizedTest
    @MethodSource("plainSecrets")
    void aQueryOfASettingIsSentAsItIs(String secret) {
        Map<String, String> settings = Map.of("the.secret", "limit=5&key=" + secret);

        assertArrives(ofApi(Map.of("query", KEY), request -> request.parameter("key")), settings, secret);
    }

    @ParameterizedTest
    @MethodSource("plainSecrets")
    void aTokenFormOfASettingIsSentAsItIs(String secret) {
        Map<String, String> settings = Map.of("the.secret", "client_id=me&client_secret=" + secret);

        assertArrives(
                ofTokens(Map.of("auth", "oauth2", "tokenForm", KEY), request -> field("client_secret", request.body())),
                settings,
                secret);
    }

    @Test
    void aSettingHidesNoneOfTheKameletsParametersAndNoneHidesIt() {
        assertArrives(
                ofApi(
                        Map.of("auth", "bearer", "token", "#property:token"),
                        request -> after("Bearer ", request.header("authorization"))),
                Map.of("token", "ab{{cd}}ef"),
                "ab{{cd}}ef");
    }

    @Test
    void environmentOfTheProcessCanBeNamedInTheRoute() {
        List<String> names = new ArrayList<>(System.getenv().keySet());
        String name = names.contains("PATH") ? "PATH" : names.get(0);

        assertArrives(
                ofApi(
                        Map.of("auth", "apiKey", "token", "#property:env:" + name),
                        request -> request.header("x-api-key")),
                Map.of(),
                System.getenv(name));
    }
}
