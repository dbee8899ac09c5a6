package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.TerminalException;
import io.keysetsync.http.auth.HeaderCredentials;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client sends what a message of camel-http says as a POST. */
@Timeout(60)
class PostTest {

    private static final String BODY = "{\"query\":\"größe\"}";

    private static Scenario api() {
        return ScenarioApi.of(Feed.users(1))
                .when(request -> request.method().equals("POST"), Fault.json(200, "{\"data\":[{\"id\":\"1\"}]}"));
    }

    private static ApiClient client(ScenarioApi api) {
        Duration second = Duration.ofSeconds(10);
        return new ApiClient(
                "people",
                URI.create(api.url()),
                new RequestLimits(second, second, 1 << 20),
                HeaderCredentials.bearer("s3cret"),
                (status, took) -> {});
    }

    private static Exchange post(ScenarioApi api, ApiClient client) {
        CamelContext context = new DefaultCamelContext();
        try {
            context.getRegistry().bind("client", client);
            context.start();
            return context.createProducerTemplate()
                    .request(
                            api.url() + "?httpClientConfigurer=#client&copyHeaders=false&followRedirects=true",
                            exchange -> {
                                client.sends("run", "/a%2Fb?c=%2B", Map.of());
                                exchange.setProperty("property", "x");
                                exchange.getMessage().setHeader(HttpConstants.HTTP_METHOD, "POST");
                                exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
                                exchange.getMessage().setHeader("X-Version", "7");
                                exchange.getMessage().setBody(BODY.getBytes(StandardCharsets.UTF_8));
                            });
        } finally {
            context.stop();
        }
    }

    private static void isThePost(Request request) {
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.body()).isEqualTo(BODY);
        assertThat(request.header("content-type")).isEqualTo("application/json");
        assertThat(request.header("x-version")).isEqualTo("7");
        assertThat(request.header("authorization")).isEqualTo("Bearer s3cret");
        assertThat(request.headers().keySet())
                .isSubsetOf(Set.of(
                        "accept-encoding",
                        "authorization",
                        "connection",
                        "content-length",
                        "content-type",
                        "host",
                        "user-agent",
                        "x-version"));
    }

    @Test
    void aBodyAndHeadersOfTheMessageAreSentAndNothingElse() {
        try (ScenarioApi api = api().start()) {
            Exchange answer = post(api, client(api));

            assertThat(answer.getException()).isNull();
            assertThat(answer.getMessage().getBody(String.class)).contains("\"id\"");
            assertThat(api.requests()).singleElement().satisfies(request -> {
                assertThat(request.target()).isEqualTo("/a%2Fb?c=%2B");
                isThePost(request);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void aRedirectThatKeepsTheMethodIsFollowed(int status) {
        try (ScenarioApi api =
                api().onRequest(1, Fault.redirect(status, "/moved%2Fto")).start()) {
            assertThat(post(api, client(api)).getException()).isNull();

            assertThat(api.requests()).extracting(Request::target).containsExactly("/a%2Fb?c=%2B", "/moved%2Fto");
            assertThat(api.requests()).allSatisfy(PostTest::isThePost);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303})
    void aRedirectThatWouldMakeItAGetIsNot(int status) {
        try (ScenarioApi api =
                api().onRequest(1, Fault.redirect(status, "/moved")).start()) {
            ApiClient client = client(api);
            Failure failure = Failure.of(post(api, client).getException(), client.what("POST"), Instant.now());

            assertThat(failure.error())
                    .isInstanceOf(TerminalException.class)
                    .hasMessageContaining("stream people: POST " + api.url() + ": the API answered HTTP " + status);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void anotherOriginGetsNothing() {
        try (ScenarioApi other = api().start();
                ScenarioApi api =
                        api().onRequest(1, Fault.redirect(307, other.url("/x"))).start()) {
            assertThat(post(api, client(api)).getException())
                    .isInstanceOf(TerminalException.class)
                    .hasMessageContaining("POST " + api.url() + ": the API redirects to " + other.url("/x"));
            assertThat(other.requests()).isEmpty();
        }
    }
}
