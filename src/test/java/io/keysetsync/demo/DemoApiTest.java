package io.keysetsync.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped {@code routes/demo-api.camel.yaml}, over HTTP on a free port; only its clock is replaced. */
class DemoApiTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String NOW = "2026-02-03T04:05:06Z";

    private final TestClock clock = new TestClock(Instant.parse(NOW).plusMillis(789));
    private final DemoUsers users = new DemoUsers(clock);
    private final Main main = demoApi(true);

    @BeforeEach
    void start() {
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                configured.getCamelContext().getRegistry().bind("demoUsers", users);
            }
        });
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
    }

    @Test
    void theFirstPageHasFiftyUsersInAscendingOrderAndAToken() throws Exception {
        HttpResponse<String> response = get("");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(fieldNames(json(response))).containsExactly("data", "scroll_param");
        assertThat(json(response).get("scroll_param").isTextual()).isTrue();
        assertThat(column(json(response), "updatedAt")).hasSize(50).isSorted();
    }

    @Test
    void aUserHasEightStringsAndAnAddressOfTwoLines() throws Exception {
        assertThat(json(get("")).get("data")).allSatisfy(user -> {
            assertThat(fieldNames(user))
                    .containsExactly("id", "name", "email", "address", "company", "job", "createdAt", "updatedAt");
            assertThat(user).allSatisfy(field -> assertThat(field.textValue()).isNotBlank());
            assertThat(user.get("address").textValue()).hasLineCount(2);
            assertThat(user.get("createdAt").textValue())
                    .isLessThanOrEqualTo(user.get("updatedAt").textValue());
        });
    }

    @Test
    void followingTheTokensFindsEveryUserOnce() throws Exception {
        List<JsonNode> pages = pagesFrom("");

        assertThat(pages).hasSize(4);
        assertThat(columns(pages, "id")).hasSize(200).doesNotHaveDuplicates();
        assertThat(columns(pages, "updatedAt")).isSorted().last().asString().isLessThan("2026-01-01T00:00:00Z");
    }

    @Test
    void theUsersAreTheSameAfterEveryStart() throws Exception {
        assertThat(columns(pagesFrom(""), "email"))
                .isEqualTo(new DemoPeople()
                        .everyone().stream().map(DemoUser::email).toList());
    }

    @Test
    void aFewUsersShareTheirSecond() throws Exception {
        List<String> times = columns(pagesFrom(""), "updatedAt");

        assertThat(new HashSet<>(times)).hasSize(198);
    }

    @Test
    void theBeginningOfTimeAsksForEveryUser() throws Exception {
        assertThat(columns(pagesFrom("?updated_since=0001-01-01T00:00:00Z"), "id"))
                .isEqualTo(columns(pagesFrom(""), "id"));
    }

    @Test
    void theFilterIncludesTheSecondItNames() throws Exception {
        List<String> times = columns(pagesFrom(""), "updatedAt");
        String since = times.get(170);

        assertThat(columns(pagesFrom("?updated_since=" + since), "updatedAt")).isEqualTo(times.subList(170, 200));
    }

    @Test
    void aTimeAfterTheLastChangeFindsNobody() throws Exception {
        HttpResponse<String> response = get("?updated_since=9999-12-31T23:59:59Z");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"data\":[],\"scroll_param\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?", "?updated_since", "?updated_since=", "?scroll_param=", "?updated_since=&scroll_param="})
    void anEmptyParameterCountsAsNone(String query) throws Exception {
        assertThat(get(query).body()).isEqualTo(get("").body());
    }

    @Test
    void ofAParameterGivenTwiceTheFirstValueCounts() throws Exception {
        assertThat(get("?updated_since=9999-01-01T00:00:00Z&updated_since=nonsense")
                        .body())
                .isEqualTo("{\"data\":[],\"scroll_param\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "?limit=5                              | limit",
                "?limit                                | limit",
                "?updated_since=never&limit=5&offset=7 | limit, offset",
                "?a%22b=1                              | a\"b",
                "?=5                                   | ``",
            })
    void anotherParameterIsRefusedByItsName(String query, String names) throws Exception {
        assertThat(refusal(query)).isEqualTo("Unexpected query parameters: " + names);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-08-01", "2025-08-01T00:00:00", "2025-08-01T00:00:00%2B00:00", "2025-08-01T00:00:00z"})
    void aTimeThatIsNotUtcIsRefused(String time) throws Exception {
        assertThat(refusal("?updated_since=" + time))
                .isEqualTo("Invalid date format for 'updated_since'. Must end with 'Z' for UTC");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2025-08-01T00:00:00.5Z",
                "2025-08-01T00:00Z",
                "2025-8-1T0:0:0Z",
                "2025-02-29T00:00:00Z",
                "2025-08-01T24:00:00Z",
                "2025-08-01T23:59:60Z",
                "0000-12-31T00:00:00Z",
                "%2B12025-08-01T00:00:00Z",
                "%202025-08-01T00:00:00Z",
                "Z",
            })
    void aTimeOfAnotherFormIsRefused(String time) throws Exception {
        assertThat(refusal("?updated_since=" + time))
                .isEqualTo("Invalid date format for 'updated_since'. Use 'YYYY-MM-DDTHH:MM:SSZ'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "null", "*", "%F0%9F%98%80"})
    void aTokenThatIsNoneIsRefused(String token) throws Exception {
        assertThat(refusal("?scroll_param=" + token)).isEqualTo("Invalid scroll_param value");
    }

    @Test
    void aTimeAndATokenTogetherAreRefused() throws Exception {
        assertThat(refusal("?updated_since=2025-08-01T00:00:00Z&scroll_param=MjAyNS0wOC0wMVQwMDowMDowMFo="))
                .isEqualTo("You can only use 'updated_since' in first request,"
                        + " subsequent requests should use only 'scroll_param'");
    }

    @Test
    void anotherPathIsNotFound() throws Exception {
        assertThat(send(HttpRequest.newBuilder(address("/pagination/offset")).GET())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void anotherMethodIsNotAllowed() throws Exception {
        HttpRequest.Builder post =
                HttpRequest.newBuilder(address("/pagination/keyset")).POST(HttpRequest.BodyPublishers.noBody());

        assertThat(send(post).statusCode()).isEqualTo(405);
    }

    @Test
    void nothingOfTheRequestComesBackWithTheAnswer() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address("/pagination/keyset?updated_since=" + NOW))
                .header("X-Secret", "hush")
                .GET();

        assertThat(send(request).headers().map()).doesNotContainKeys("X-Secret", "x-secret", "updated_since");
    }

    @Test
    void aChangeBringsUsersToTheEndOfALaterSync() throws Exception {
        List<JsonNode> before = pagesFrom("");
        String cursor = last(columns(before, "updatedAt"));

        List<String> changed = users.change().stream().map(DemoUser::id).toList();

        assertThat(changed).hasSize(5).isEqualTo(columns(before, "id").subList(0, 5));
        List<JsonNode> later = pagesFrom("?updated_since=" + cursor);
        assertThat(columns(later, "id")).hasSize(6).endsWith(changed.toArray(String[]::new));
        assertThat(columns(later, "updatedAt")).containsExactly(cursor, NOW, NOW, NOW, NOW, NOW);
        assertThat(columns(pagesFrom(""), "id"))
                .hasSize(200)
                .doesNotHaveDuplicates()
                .endsWith(changed.toArray(String[]::new));
    }

    @Test
    void aChangedUserIsTheSamePersonWithAnotherJobAndAddress() throws Exception {
        JsonNode before = json(get("")).get("data").get(0);

        users.change();

        JsonNode after = json(get("?updated_since=" + NOW)).get("data").get(0);
        assertThat(List.of("id", "name", "email", "createdAt"))
                .allSatisfy(field -> assertThat(after.get(field)).isEqualTo(before.get(field)));
        assertThat(List.of("address", "company", "job", "updatedAt"))
                .allSatisfy(field -> assertThat(after.get(field)).isNotEqualTo(before.get(field)));
    }

    @Test
    void theTokenSkipsUsersWhoShareTheSecondThatAPageEndedWith() throws Exception {
        for (int i = 0; i < 11; i++) {
            users.change();
        }

        List<JsonNode> pages = pagesFrom("?updated_since=" + NOW);

        assertThat(pages).hasSize(2);
        assertThat(pages.get(0).get("data")).hasSize(50);
        assertThat(pages.get(1).get("data")).isEmpty();
    }

    @Test
    void aSyncFromTheFirstUserOnMissesNobodyHoweverOftenUsersHaveChanged() throws Exception {
        List<String> everyone = columns(pagesFrom(""), "id");

        for (int i = 0; i < 45; i++) {
            clock.passAMinute();
            users.change();

            assertThat(columns(pagesFrom(""), "id")).containsExactlyInAnyOrderElementsOf(everyone);
        }
    }

    @Test
    void timesAscendEvenWhenTheClockIsWrong() {
        DemoUsers inThePast = new DemoUsers(new TestClock(Instant.EPOCH));
        String latest = last(new DemoPeople().everyone()).updatedAt();

        assertThat(inThePast.change()).extracting(DemoUser::updatedAt).containsOnly(latest);
    }

    @Test
    void switchedOffItServesNothingAndChangesNothing() {
        Main off = demoApi(false);
        off.start();
        try {
            assertThat(off.getCamelContext().isStarted()).isTrue();
            assertThat(off.getCamelContext().getRoutes()).isEmpty();
            assertThat(off.getCamelContext().hasService(VertxPlatformHttpServer.class))
                    .isNull();
        } finally {
            off.stop();
        }
    }

    private static Main demoApi(boolean on) {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addInitialProperty("sync.demo-api", String.valueOf(on));
        main.addInitialProperty("sync.demo-api.port", "0");
        main.addInitialProperty("camel.server.enabled", "{{sync.demo-api}}");
        main.addInitialProperty("camel.server.host", "127.0.0.1");
        main.addInitialProperty("camel.server.port", "{{sync.demo-api.port}}");
        main.configure().withRoutesIncludePattern("file:routes/demo-api.camel.yaml");
        return main;
    }

    private List<JsonNode> pagesFrom(String query) throws Exception {
        List<JsonNode> pages = new ArrayList<>();
        pages.add(json(get(query)));
        while (last(pages).get("scroll_param").isTextual()) {
            String token = last(pages).get("scroll_param").textValue();
            pages.add(json(get("?scroll_param=" + URLEncoder.encode(token, StandardCharsets.UTF_8))));
        }
        return pages;
    }

    private String refusal(String query) throws Exception {
        HttpResponse<String> response = get(query);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(fieldNames(json(response))).containsExactly("error");
        return json(response).get("error").textValue();
    }

    private HttpResponse<String> get(String query) throws Exception {
        return send(
                HttpRequest.newBuilder(address("/pagination/keyset" + query)).GET());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private URI address(String pathAndQuery) {
        int port =
                main.getCamelContext().hasService(VertxPlatformHttpServer.class).getPort();
        return URI.create("http://127.0.0.1:" + port + pathAndQuery);
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> columns(List<JsonNode> pages, String field) {
        return pages.stream().flatMap(page -> column(page, field).stream()).toList();
    }

    private static List<String> column(JsonNode page, String field) {
        return page.get("data").findValuesAsText(field);
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private static final class TestClock extends Clock {

        private Instant now;

        TestClock(Instant now) {
            this.now = now;
        }

        void passAMinute() {
            now = now.plus(Duration.ofMinutes(1));
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
