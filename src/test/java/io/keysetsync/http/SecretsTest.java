package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import io.keysetsync.Errors;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.api.management.JmxSystemPropertyKeys;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.InterceptStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Searches all that a run leaves behind, however the run ends, for secrets that must not show there. */
@Timeout(120)
class SecretsTest {

    private static final String SECRET = "Zq7-vErY.s3cret~x";
    private static final Map<String, String> SETTINGS =
            Map.of("the.secret", SECRET, "the.form.secret", "client_id=id&client_secret=" + SECRET);
    private static final String TOKEN = "T0k-3n.given~by-login";

    private final ScenarioApi elsewhere = ScenarioApi.of(Feed.users(1)).start();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger own = (Logger) LoggerFactory.getLogger("io.keysetsync");
    private final Logger camel = (Logger) LoggerFactory.getLogger("org.apache.camel");
    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final List<Appender<ILoggingEvent>> shown = new ArrayList<>();

    /** As the option debug has it, but not on the console. */
    @BeforeEach
    void logInDetail() {
        root.iteratorForAppenders().forEachRemaining(shown::add);
        shown.forEach(root::detachAppender);
        own.setLevel(Level.DEBUG);
        camel.setLevel(Level.INFO);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop() {
        own.setLevel(null);
        camel.setLevel(null);
        root.detachAppender(log);
        shown.forEach(root::addAppender);
        elsewhere.close();
    }

    static Stream<Map<String, String>> credentials() {
        return Stream.of(
                Map.of("auth", "basic", "username", "sync", "password", "#property:the.secret"),
                Map.of("auth", "bearer", "token", "#property:the.secret"),
                Map.of("auth", "bearer", "token", "{{the.secret}}"),
                Map.of("auth", "apiKey", "token", "#property:the.secret"),
                Map.of("auth", "apiKey", "token", "#property:the.secret", "apiKeyIn", "query"),
                Map.of("auth", "oauth2", "clientId", "id", "clientSecret", "#property:the.secret", "tokenUrl", "?"),
                Map.of("auth", "oauth2", "clientId", "id", "refreshToken", "#property:the.secret", "tokenUrl", "?"),
                Map.of("auth", "oauth2", "clientId", "id", "refreshToken", "{{the.secret}}", "tokenUrl", "?"),
                Map.of("auth", "oauth2", "tokenForm", "#property:the.form.secret", "tokenUrl", "?"),
                Map.of("auth", "session", "username", "sync", "password", "#property:the.secret", "loginUrl", "?"));
    }

    private List<Fault> faults() {
        return List.of(
                Fault.none(),
                Fault.status(401, "WWW-Authenticate", "Basic realm=\"x\""),
                Fault.status(500),
                Fault.notJson(),
                Fault.errorBodyUnder200(),
                Fault.resetConnection(),
                Fault.truncatedBody(),
                Fault.redirect(elsewhere.url("/?api_key=" + SECRET)),
                Fault.redirect("/records?X-API-Key=" + SECRET));
    }

    private List<Fault> faultsOfTheTokenServer() {
        return List.of(
                Fault.json(200, "{\"token\":\"%s\",\"access_token\":\"%s\"}".formatted(TOKEN, TOKEN)),
                Fault.body(200, "text/plain", TOKEN),
                Fault.json(401, "{\"error\":\"" + SECRET + " is wrong\"}"),
                Fault.json(200, "{\"token\":\"" + TOKEN + "\\n\",\"access_token\":\"" + TOKEN + "\\n\"}"),
                Fault.redirect(elsewhere.url("/?secret=" + SECRET)),
                Fault.resetConnection());
    }

    @ParameterizedTest
    @MethodSource("credentials")
    void isShownNowhereWhateverHappens(Map<String, String> credentials) throws Exception {
        Feed feed = Feed.users(3);
        feed.put(FeedRecord.user("2", "2024-01-01T00:01:00Z").with("createdAt", "never"));
        Map<String, String> seen = new HashMap<>();
        try (ScenarioApi api = ScenarioApi.of(feed).start();
                ScenarioApi tokens = ScenarioApi.of(Feed.of())
                        .always(faultsOfTheTokenServer().get(0))
                        .start()) {
            Map<String, String> parameters = parameters(credentials, api, tokens);
            try (SyncedStream stream = SyncedStream.start(parameters, SETTINGS)) {
                for (Fault fault : faults()) {
                    api.change(scenario -> scenario.always(fault));
                    seen.put("run with " + fault, stream.run() + stream.error());
                }
            }
            for (Fault fault : faultsOfTheTokenServer()) {
                tokens.change(scenario -> scenario.always(fault));
                api.change(scenario -> scenario.always(Fault.status(401)));
                try (SyncedStream stream = SyncedStream.start(parameters, SETTINGS)) {
                    seen.put("token server with " + fault, stream.run() + stream.error());
                    seen.put("database", everythingIn(stream));
                    seen.put("context", everythingShownBy(stream));
                    if (!credentials.toString().contains("{{the.secret}}")) {
                        seen.put("parameters", parametersOf(stream));
                    }
                }
            }
        }
        seen.put("log", logged());

        assertThat(seen.get("database")).contains("people", "failed");
        assertThat(seen.get("log")).contains("people: ended", "\tat ");
        assertThat(elsewhere.requests()).isEmpty();
        seen.forEach((where, text) -> assertThat(text).as(where).doesNotContain(inAnyForm()));
    }

    private static Map<String, String> parameters(
            Map<String, String> credentials, ScenarioApi api, ScenarioApi tokens) {
        Map<String, String> parameters = new HashMap<>(credentials);
        parameters.put("url", api.url());
        parameters.replace("tokenUrl", tokens.url());
        parameters.replace("loginUrl", tokens.url());
        return parameters;
    }

    private static String[] inAnyForm() {
        Base64.Encoder base64 = Base64.getEncoder();
        return Stream.of(SECRET, TOKEN, "sync:" + SECRET, "id:" + SECRET)
                .flatMap(text -> Stream.of(text, base64.encodeToString(text.getBytes(StandardCharsets.UTF_8))))
                .toArray(String[]::new);
    }

    private static String everythingIn(SyncedStream stream) {
        return String.join("\n", stream.database().jdbc().queryForList("SCRIPT", String.class));
    }

    /** What a context says of itself: its endpoints, with their URIs masked, and its routes. */
    private static String everythingShownBy(SyncedStream stream) {
        List<String> shown = new ArrayList<>();
        stream.context().getEndpoints().forEach(endpoint -> shown.add(endpoint.toString()));
        ModelCamelContext model = (ModelCamelContext) stream.context();
        shown.add(model.getRouteDefinitions().toString());
        shown.add(model.getRouteTemplateDefinitions().toString());
        return String.join("\n", shown);
    }

    /** What debuggers and dumps show beyond that, where the secret was named and not put in by a placeholder. */
    private static String parametersOf(SyncedStream stream) {
        List<String> parameters = new ArrayList<>();
        ((ModelCamelContext) stream.context())
                .getRouteDefinitions()
                .forEach(route -> parameters.add(String.valueOf(route.getTemplateParameters())));
        stream.context().getEndpoints().forEach(endpoint -> parameters.add(endpoint.getEndpointUri()));
        return String.join("\n", parameters);
    }

    private String logged() {
        return log.list.stream()
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void noExchangeHasThem() throws Exception {
        List<String> seen = new ArrayList<>();
        InterceptStrategy tracer = (context, definition, target, next) -> exchange -> {
            target.process(exchange);
            seen.add(everythingIn(exchange));
        };
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
                SyncedStream stream = SyncedStream.start(
                        Map.of("url", api.url(), "auth", "basic", "username", "u", "password", "#property:the.secret"),
                        Map.of("the.secret", SECRET),
                        tracer)) {
            stream.run();
        }

        assertThat(seen).hasSizeGreaterThan(10);
        assertThat(seen.toString()).contains("GET").doesNotContain(inAnyForm()).doesNotContain("Authorization");
    }

    private static String everythingIn(Exchange exchange) {
        return exchange.getMessage().getHeaders() + " " + exchange.getProperties() + " " + exchange.getAllProperties()
                + " " + exchange.getMessage().getBody() + " " + exchange.getException();
    }

    @ParameterizedTest
    @MethodSource("credentials")
    void jmxHasThemNowhere(Map<String, String> credentials) throws Exception {
        assumeFalse(
                credentials.toString().contains("{{the.secret}}"),
                "a placeholder becomes a part of the endpoint's URI");
        String disabled = System.setProperty(JmxSystemPropertyKeys.DISABLED, "false");
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
                ScenarioApi tokens = ScenarioApi.of(Feed.of())
                        .always(faultsOfTheTokenServer().get(0))
                        .start()) {
            Map<String, String> parameters = parameters(credentials, api, tokens);
            try (SyncedStream stream = SyncedStream.start(parameters, SETTINGS)) {
                assertThat(stream.run()).isEqualTo("complete");
                assertThat(Jmx.of(stream.context()))
                        .contains(api.url(), "keyset-sync-source", "#property:the.")
                        .doesNotContain(inAnyForm());
            }
        } finally {
            System.setProperty(JmxSystemPropertyKeys.DISABLED, Objects.requireNonNullElse(disabled, "false"));
        }
    }

    @Test
    void aSecretThatAPlaceholderTearsApartIsNotQuoted() {
        assertThatThrownBy(() -> SyncedStream.start(
                        Map.of("url", "http://127.0.0.1/", "auth", "bearer", "token", "{{the.secret}}"),
                        Map.of("the.secret", "s3cret&Zq7vEry=x")))
                .extracting(Errors::known)
                .asString()
                .contains("has a value with '&', which ends it; name a setting by #property:KEY")
                .doesNotContain("s3cret", "Zq7");
    }

    @Test
    void aMisspeltParameterIsStillNamed() {
        assertThatThrownBy(() -> SyncedStream.start(
                        Map.of("url", "http://127.0.0.1/", "tokn", "{{the.secret}}"), Map.of("the.secret", SECRET)))
                .extracting(Errors::known)
                .asString()
                .contains("has no parameter 'tokn'; it has apiKeyIn, ")
                .doesNotContain(SECRET);
    }
}
