package io.keysetsync.scenario;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOON = "2024-01-01T12:00:00Z";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    // What is served

    @Test
    void servesEveryRecordAscendingWhenNoCursorIsSent() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(feed("b 12:01", "c 12:02", "a 12:00")).start()) {
            assertThat(walk(api, "")).containsExactly("a b c");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, b c d", "false, d"})
    void filtersInclusiveOrStrictByInstantWhateverTheWriting(boolean inclusive, String served) throws Exception {
        Feed feed = Feed.of(
                FeedRecord.of("a", "2024-01-01T11:59:59.999999999Z"),
                FeedRecord.of("b", "2024-01-01T14:00:00+02:00"),
                FeedRecord.of("c", "2024-01-01T12:00:00.000"),
                FeedRecord.of("d", "2024-01-01T12:00:00.000000001Z"));
        Scenario scenario = ScenarioApi.of(feed);
        try (ScenarioApi api = (inclusive ? scenario.inclusive() : scenario.strict()).start()) {
            assertThat(walk(api, "updated_since=" + encode("2024-01-01T13:00:00+01:00")))
                    .containsExactly(served);
        }
    }

    @Test
    void servesEpochSecondsAndMillisecondsAsJsonNumbers() throws Exception {
        Feed feed = Feed.of(FeedRecord.of("a", 1_704_110_400L), FeedRecord.of("b", 1_704_110_400_001L));
        try (ScenarioApi api = ScenarioApi.of(feed).strict().start()) {
            assertThat(get(api, "").at("/data/0/updatedAt").isIntegralNumber()).isTrue();
            assertThat(walk(api, "updated_since=1704110400")).containsExactly("b");
        }
    }

    @Test
    void servesDescendingWithTiesInTheirOrder() throws Exception {
        Feed feed = feed("a 12:00", "b 12:01", "c 12:01", "d 12:02");
        try (ScenarioApi api = ScenarioApi.of(feed).descending().pageSize(3).start()) {
            assertThat(walk(api, "")).containsExactly("d b c", "a");
        }
    }

    @Test
    void servesShuffledTheSameWayForTheSameSeed() throws Exception {
        Scenario scenario = ScenarioApi.of(Feed.users(20));
        try (ScenarioApi api = scenario.shuffled(1).start()) {
            List<String> first = walk(api, "");
            assertThat(walk(api, "")).isEqualTo(first);
            api.reset(scenario.shuffled(2));
            assertThat(walk(api, "")).isNotEqualTo(first);
            assertThat(walk(api, "").get(0).split(" ")).hasSize(20).doesNotHaveDuplicates();
        }
    }

    @Test
    void servesTwoVersionsOfOneKeyAndKnowsTheLater() throws Exception {
        Feed feed = feed("a 12:05", "b 12:01", "a 12:00");
        try (ScenarioApi api = ScenarioApi.of(feed).start()) {
            assertThat(walk(api, "")).containsExactly("a b a");
            assertThat(feed.truth().get("a").cursor().asText()).isEqualTo("2024-01-01T12:05:00Z");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void ofTwoVersionsOfOneTimeTheLaterIsServedLastInAnyOrder(long seed) throws Exception {
        Feed feed = Feed.users(20);
        feed.add(FeedRecord.user("7", "2024-01-01T01:06:00+01:00").with("name", "Later"));
        Scenario scenario = ScenarioApi.of(feed);
        for (Scenario order : List.of(scenario, scenario.descending(), scenario.shuffled(seed))) {
            try (ScenarioApi api = order.start()) {
                Stream<JsonNode> records =
                        StreamSupport.stream(get(api, "").get("data").spliterator(), false);
                List<String> names = records.filter(
                                record -> record.get("id").asText().equals("7"))
                        .map(record -> record.get("name").asText())
                        .toList();
                assertThat(names).containsExactly("User 7", "Later");
                assertThat(feed.truth().get("7").fields().get("name").asText()).isEqualTo("Later");
            }
        }
    }

    @Test
    void servesMissingNullAndUnreadableCursorsInPlaceAndThroughAnyFilter() throws Exception {
        Feed feed = Feed.of(
                at("a", "12:00"),
                FeedRecord.withoutCursor("b"),
                at("c", "12:01"),
                FeedRecord.withNullCursor("d"),
                FeedRecord.of("e", "2024-02-30T00:00:00Z"),
                at("f", "12:02"));
        try (ScenarioApi api = ScenarioApi.of(feed).start()) {
            assertThat(walk(api, "updated_since=2024-01-01T12:01:00Z")).containsExactly("b c d e f");
            assertThat(get(api, "").at("/data/1").has("updatedAt")).isFalse();
            assertThat(get(api, "").at("/data/3/updatedAt").isNull()).isTrue();
            api.change(Scenario::hidingUnreadable);
            assertThat(walk(api, "updated_since=0001-01-01T00:00:00Z")).containsExactly("a c f");
        }
    }

    @Test
    void servesUsersWithEightColumns() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1)).start()) {
            assertThat(get(api, "").at("/data/0").fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder(
                            "id", "name", "email", "address", "company", "job", "updatedAt", "createdAt");
        }
    }

    @Test
    void namesAndPathsCanBeSet() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(feed("a 12:00", "b 12:01"))
                .recordsField("result.items")
                .scrollField("result.next")
                .cursorField("meta.changed")
                .cursorParam("since")
                .scrollParam("page")
                .pageSize(1)
                .start()) {
            JsonNode body = get(api, "since=2024-01-01T12:00:00Z");
            assertThat(body.at("/result/items/0/meta/changed").asText()).isEqualTo(NOON);
            String token = body.at("/result/next").asText();
            assertThat(get(api, "page=" + token).at("/result/items/0/id").asText())
                    .isEqualTo("b");
        }
    }

    @Test
    void servesABareArrayOfOnePage() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(3)).bareArray().pageSize(2).start()) {
            assertThat(get(api, "")).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Absent.class)
    void writesNothingAsTold(Absent form) throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(feed()).emptyRecords(form).lastToken(form).start()) {
            String expected =
                    switch (form) {
                        case EMPTY -> "{\"data\":[],\"scroll_param\":\"\"}";
                        case NULL -> "{\"data\":null,\"scroll_param\":null}";
                        case MISSING -> "{}";
                    };
            assertThat(send(api, "").body()).isEqualTo(expected);
        }
    }

    @Test
    void compressesForClientsThatAcceptIt() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).gzip().start()) {
            HttpResponse<InputStream> zipped = client.send(
                    request(api, "").header("Accept-Encoding", "gzip").build(), BodyHandlers.ofInputStream());
            assertThat(JSON.readTree(new GZIPInputStream(zipped.body())).get("data"))
                    .hasSize(3);
            assertThat(get(api, "").get("data")).hasSize(3);
        }
    }

    // Requests

    @ParameterizedTest
    @ValueSource(
            strings = {
                "updated_since=2024-01-01T00:00:00Z&scroll_param=token-1",
                "updated_since=2024-01-01T00:00:00Z&updated_since=2024-01-01T00:00:00Z",
                "updated_since=yesterday",
                "updated_since=2024-01-01T00:00:00.5Z",
                "scroll_param=unknown",
                "offset=3"
            })
    void refusesParametersThatBreakItsRules(String query) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(1))
                .onlyParameters("limit")
                .cursorFormat("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")
                .start()) {
            assertThat(send(api, query).statusCode()).isEqualTo(400);
            assertThat(send(api, "limit=5").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void recordsRequestsAsTheyCame() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(feed()).start()) {
            HttpRequest login = HttpRequest.newBuilder(URI.create(api.url("/login")))
                    .header("X-Key", "secret")
                    .POST(BodyPublishers.ofString("{}"))
                    .build();
            assertThat(client.send(login, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
            send(api, "a=x%26y+z&b=%C5%BE&a=2&c");

            assertThat(api.requests()).extracting(Request::path).containsExactly("/login", "/records");
            assertThat(api.requests().get(0).method()).isEqualTo("POST");
            assertThat(api.requests().get(0).body()).isEqualTo("{}");
            assertThat(api.requests().get(0).header("x-KEY")).isEqualTo("secret");
            Request second = api.requests().get(1);
            assertThat(second.parameters())
                    .containsEntry("a", List.of("x&y z", "2"))
                    .containsEntry("c", List.of(""));
            assertThat(second.parameter("b")).isEqualTo("ž");
            assertThat(second.parameter("d")).isNull();
            assertThat(second.target()).isEqualTo("/records?a=x%26y+z&b=%C5%BE&a=2&c");
        }
    }

    // Tokens

    @ParameterizedTest
    @EnumSource(value = TokenKind.class, mode = Mode.EXCLUDE, names = "TIMESTAMP_LOSSY")
    void servesEachRecordOnceThroughTiesOfAnyWidth(TokenKind kind) throws Exception {
        Feed feed = feed("a 12:00", "b 12:00", "c 12:00", "d 12:00", "e 12:01");
        try (ScenarioApi api = ScenarioApi.of(feed).tokens(kind).pageSize(2).start()) {
            assertThat(walk(api, "updated_since=" + NOON)).containsExactly("a b", "c d", "e");
            api.change(Scenario::descending);
            assertThat(walk(api, "")).containsExactly("e a", "b c", "d");
        }
    }

    @Test
    void aLossyTokenSkipsTheRestOfATie() throws Exception {
        Feed feed = feed("a 12:00", "b 12:01", "c 12:01", "d 12:02", "e 12:02");
        try (ScenarioApi api = ScenarioApi.of(feed)
                .tokens(TokenKind.TIMESTAMP_LOSSY)
                .pageSize(2)
                .start()) {
            assertThat(walk(api, "")).containsExactly("a b", "d e");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPAQUE,          a b | c d | e",
        "OFFSET_LIVE,     a b | d e | a f",
        "TIMESTAMP_LOSSY, a b | c d | e a | f",
        "KEYSET,          a b | c d | e a | f"
    })
    void changesDuringAScrollShowAsTheTokenKindAllows(TokenKind kind, String served) throws Exception {
        Feed feed = feed("a 12:00", "b 12:01", "c 12:02", "d 12:03", "e 12:04");
        try (ScenarioApi api = ScenarioApi.of(feed)
                .tokens(kind)
                .pageSize(2)
                .onRequest(2, live -> live.put(at("a", "12:05")))
                .onRequest(2, live -> live.put(at("f", "12:06")))
                .start()) {
            assertThat(String.join(" | ", walk(api, ""))).isEqualTo(served);
        }
    }

    @Test
    void tokensExpireAfterTheGivenNumberOfRequestsOfTheirScroll() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(5))
                .pageSize(1)
                .tokensExpireAfter(2, 410)
                .start()) {
            String second = token(get(api, "scroll_param=" + token(get(api, ""))));
            assertThat(send(api, "scroll_param=" + second).statusCode()).isEqualTo(410);
            assertThat(send(api, "scroll_param=" + token(get(api, ""))).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void tokensCanBeUsableOnce() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(5)).pageSize(1).tokensUsableOnce(404).start()) {
            String token = token(get(api, ""));
            assertThat(send(api, "scroll_param=" + token).statusCode()).isEqualTo(200);
            assertThat(send(api, "scroll_param=" + token).statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void tokensCanComeRoundInACycle(int length) throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(6)).pageSize(2).tokenCycle(length).start()) {
            List<String> tokens = new ArrayList<>(List.of(token(get(api, ""))));
            for (int i = 1; i < 3 * length; i++) {
                JsonNode page = get(api, "scroll_param=" + tokens.get(tokens.size() - 1));
                assertThat(page.get("data")).hasSize(2);
                tokens.add(token(page));
            }
            List<String> round = tokens.subList(0, length);
            assertThat(round).doesNotHaveDuplicates();
            assertThat(tokens)
                    .isEqualTo(
                            Stream.of(round, round, round).flatMap(List::stream).toList());
        }
    }

    @ParameterizedTest
    @MethodSource
    void tokensMayHoldAnyCharacters(String ending) throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(2)).pageSize(1).tokenText(ending).start()) {
            assertThat(token(get(api, ""))).endsWith(ending);
            assertThat(walk(api, "")).containsExactly("1", "2");
            assertThat(api.requests().get(2).parameter("scroll_param")).endsWith(ending);
        }
    }

    static List<String> tokensMayHoldAnyCharacters() {
        return Scenario.HOSTILE_TOKENS;
    }

    @Test
    void tokensMayBeNumbers() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(2)).pageSize(1).numericTokens().start()) {
            assertThat(get(api, "").get("scroll_param").isInt()).isTrue();
            assertThat(walk(api, "")).containsExactly("1", "2");
        }
    }

    @Test
    void emptyPagesComeWhereToldWithFreshTokens() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3))
                .pageSize(2)
                .emptyPages(0, 1)
                .emptyPages(1, 2)
                .emptyPages(2, 1)
                .start()) {
            assertThat(walk(api, "")).containsExactly("", "1 2", "", "", "3", "");
            List<String> sent = api.requests().stream()
                    .skip(1)
                    .map(request -> request.parameter("scroll_param"))
                    .toList();
            assertThat(sent).doesNotHaveDuplicates();
        }
    }

    @Test
    void emptyPagesMayNeverEnd() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(1)).endlessEmptyPages(1).start()) {
            JsonNode page = get(api, "");
            for (int i = 0; i < 30; i++) {
                page = get(api, "scroll_param=" + token(page));
                assertThat(page.get("data")).isEmpty();
            }
        }
    }

    // Other ways to the next page

    @ParameterizedTest
    @CsvSource({"LINK, http", "RELATIVE_LINK, ?scroll_param=", "LINK_LIST, http", "LINK_HEADER, http"})
    void leadsOnByLinks(NextPage kind, String beginning) throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(5)).nextPage(kind).pageSize(2).start()) {
            List<String> pages = new ArrayList<>();
            String link = "";
            while (link != null) {
                assertThat(link).startsWith(link.isEmpty() ? "" : beginning);
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(api.url()).resolve(link))
                                .build(),
                        BodyHandlers.ofString());
                pages.add(ids(JSON.readTree(answer.body())));
                link = link(kind, answer);
            }
            assertThat(pages).containsExactly("1 2", "3 4", "5");
        }
    }

    private static @Nullable String link(NextPage kind, HttpResponse<String> answer) throws IOException {
        JsonNode field = JSON.readTree(answer.body()).path("scroll_param");
        return switch (kind) {
            case LINK_HEADER ->
                answer.headers()
                        .firstValue("Link")
                        .map(header -> header.substring(1, header.indexOf('>')))
                        .orElse(null);
            case LINK_LIST -> {
                assertThat(field.at("/0/rel").asText()).isEqualTo("self");
                yield field.at("/1/href").textValue();
            }
            default -> field.textValue();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "PAGE,        1, '',              '',       1 2",
        "PAGE,        1, page=2,          page=3,   3 4 | 5",
        "PAGE,        0, page=0,          page=1,   1 2 | 3 4",
        "PAGE,        1, page=4,          page=9,   ' | '",
        "OFFSET,      0, '',              page=3,   1 2 | 4 5",
        "OFFSET,      1, page=1,          page=3,   1 2 | 3 4",
        "LAST_RECORD, 0, '',              page=4,   1 2 | 5"
    })
    void servesWhatANumberOrARecordLeadsTo(NextPage kind, int first, String one, String other, String served)
            throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(5))
                .nextPage(kind)
                .firstPage(first)
                .scrollParam("page")
                .scrollField("id")
                .pageSize(2)
                .start()) {
            String both = ids(get(api, one)) + (other.isEmpty() ? "" : " | " + ids(get(api, other)));
            assertThat(both).isEqualTo(served);
            assertThat(get(api, one).has("id")).isFalse();
        }
    }

    @Test
    void refusesWhatLeadsNowhere() throws Exception {
        Scenario scenario = ScenarioApi.of(Feed.users(4))
                .pageSize(2)
                .scrollField("id")
                .tokensUsableOnce(422)
                .refusesPastEnd(404);
        try (ScenarioApi api = scenario.nextPage(NextPage.PAGE).start()) {
            assertThat(statuses(api, "scroll_param=2", "scroll_param=3", "scroll_param=0", "scroll_param=x"))
                    .containsExactly(200, 404, 400, 400);
            api.reset(scenario.nextPage(NextPage.LAST_RECORD));
            assertThat(statuses(api, "scroll_param=4", "scroll_param=5")).containsExactly(200, 422);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"has_more", "!page.end"})
    void aFlagSaysWhereTheListEnds(String flag) throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(4)).pageSize(2).moreField(flag).start()) {
            JsonNode first = get(api, "");
            JsonNode last = get(api, "scroll_param=" + token(first));
            String path = flag.equals("has_more") ? "/has_more" : "/page/end";
            assertThat(first.at(path).booleanValue()).isEqualTo(flag.equals("has_more"));
            assertThat(last.at(path).booleanValue()).isNotEqualTo(flag.equals("has_more"));
        }
    }

    @Test
    void theLastPageMayHaveATokenAsWell() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(2)).pageSize(2).endless().start()) {
            JsonNode empty = get(api, "scroll_param=" + token(get(api, "")));
            assertThat(empty.get("data")).isEmpty();
            assertThat(token(empty)).isEqualTo("token-2");
        }
    }

    @Test
    void theFilterMayBeDueWithEveryToken() throws Exception {
        String since = "updated_since=2024-01-01T00:00:00Z";
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(5)).pageSize(2).repeatsFilter().start()) {
            String token = "scroll_param=" + token(get(api, since));
            assertThat(statuses(api, token, token + "&updated_since=2024-01-01", token + "&" + since))
                    .containsExactly(400, 400, 200);
            api.reset(ScenarioApi.of(Feed.users(5))
                    .pageSize(2)
                    .repeatsFilter()
                    .linksWithFilter()
                    .nextPage(NextPage.RELATIVE_LINK));
            assertThat(token(get(api, since)))
                    .isEqualTo("?scroll_param=token-1&updated_since=2024-01-01T00%3A00%3A00Z");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 2 3", "false, 2"})
    void theFilterMayHaveAnEnd(boolean inclusive, String served) throws Exception {
        Scenario scenario = ScenarioApi.of(Feed.users(5)).untilParam("before");
        try (ScenarioApi api = (inclusive ? scenario : scenario.untilExclusive()).start()) {
            assertThat(walk(api, "updated_since=2024-01-01T00:01:00Z&before=2024-01-01T00:02:00Z"))
                    .containsExactly(served);
            assertThat(statuses(api, "before=soon")).containsExactly(400);
        }
    }

    @Test
    void theFilterMayHaveANotationOfItsOwn() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(3)).cursorPattern("dd.MM.yyyy HH:mm").start()) {
            assertThat(walk(api, "updated_since=" + encode("01.01.2024 00:01"))).containsExactly("2 3");
            assertThat(statuses(api, "updated_since=2024-01-01T00:01:00Z")).containsExactly(400);
            api.change(scenario -> scenario.cursorPattern("yyyy-MM-dd"));
            assertThat(walk(api, "updated_since=2024-01-01")).containsExactly("1 2 3");
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 8, 8", "0000000009, 0000000010, 0000000010"})
    void cursorsMayBeIntegersOrTextsOfDigits(String one, String other, String since) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.of(FeedRecord.of("a", one), FeedRecord.of("b", other)))
                .start()) {
            assertThat(walk(api, "updated_since=" + since)).containsExactly("b");
        }
    }

    // The live data

    @Test
    void aTestMayChangeTheDataBetweenTwoSyncs() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(feed("a 12:00", "b 12:01")).start()) {
            walk(api, "");
            api.feed().put(at("a", "12:02").with("tags", List.of("new")));
            api.feed().remove("b");
            assertThat(walk(api, "updated_since=2024-01-01T12:01:00Z")).containsExactly("a");
            assertThat(api.feed().truth())
                    .containsOnlyKeys("a")
                    .containsValue(at("a", "12:02").with("tags", List.of("new")));
        }
    }

    @Test
    void theGreatestCursorIsComparedByInstantAndCanLeaveOutTheFuture() {
        Feed feed = Feed.of(
                FeedRecord.of("a", "2024-01-01T23:00:00+12:00"),
                FeedRecord.of("b", "2024-01-01T12:00:00.10"),
                FeedRecord.of("c", "9999-12-31T23:59:59Z"),
                FeedRecord.withNullCursor("d"));
        assertThat(feed.greatestCursor()).contains("9999-12-31T23:59:59Z");
        assertThat(feed.greatestCursor(Instant.parse("2030-01-01T00:00:00Z"))).contains("2024-01-01T12:00:00.10");
        assertThat(feed().greatestCursor()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-01-01T12:00:00Z,            2024-01-01T12:00:00Z",
        "2024-01-01T12:00:00.123456789Z,  2024-01-01T12:00:00.123456789Z",
        "2024-01-01t12:00:00z,            2024-01-01T12:00:00Z",
        "2024-01-01T12:00:00-0530,        2024-01-01T17:30:00Z",
        "2024-01-01T12:00:00+05,          2024-01-01T07:00:00Z",
        "2024-01-01T12:00:00.5,           2024-01-01T12:00:00.500Z",
        "0001-01-01T00:00:00Z,            0001-01-01T00:00:00Z",
        "0,                               1970-01-01T00:00:00Z",
        "1704110400,                      2024-01-01T12:00:00Z",
        "1704110400123,                   2024-01-01T12:00:00.123Z",
        "2024-02-30T12:00:00Z,            ",
        "2024-01-01,                      ",
        "12:00,                           ",
        "1704110400.5,                    "
    })
    void readsCursorsOnItsOwn(String text, Instant instant) {
        assertThat(CursorTime.read(text).orElse(null)).isEqualTo(instant);
    }

    // Faults

    @ParameterizedTest
    @MethodSource
    void answersWithAFaultWhereTold(Fault fault, int status, String type, String body) throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(feed("a 12:00")).onRequest(2, fault).start()) {
            assertThat(send(api, "").statusCode()).isEqualTo(200);
            HttpResponse<String> faulty = send(api, "");
            assertThat(faulty.statusCode()).isEqualTo(status);
            assertThat(faulty.headers().firstValue("Content-Type")).contains(type);
            assertThat(faulty.body()).contains(body);
            assertThat(walk(api, "")).containsExactly("a");
        }
    }

    static Stream<Arguments> answersWithAFaultWhereTold() {
        String json = "application/json";
        return Stream.of(
                Arguments.of(Fault.status(503), 503, json, "error"),
                Arguments.of(Fault.json(201, "{\"token\":1}"), 201, json, "{\"token\":1}"),
                Arguments.of(Fault.html(), 200, "text/html", "<html>"),
                Arguments.of(Fault.notJson(), 200, json, "upstream connect error"),
                Arguments.of(Fault.emptyBody(), 200, json, ""),
                Arguments.of(Fault.errorBodyUnder200(), 200, json, "{\"error\":"),
                Arguments.of(Fault.truncatedJson(), 200, json, "{\"data\":["),
                Arguments.of(Fault.missingRecords(), 200, json, "{\"scroll_param\":null}"),
                Arguments.of(Fault.nullRecords(), 200, json, "{\"data\":null,\"scroll_param\":null}"),
                Arguments.of(Fault.oversized(2), 200, json, " ".repeat(2 << 20) + "{\"data\":["),
                Arguments.of(Fault.none(), 200, json, "{\"data\":["));
    }

    @Test
    void aFaultCanCarryHeaders() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(feed())
                .always(Fault.status(429, "Retry-After", "1"))
                .start()) {
            HttpResponse<String> limited = send(api, "");
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("Retry-After")).contains("1");
        }
    }

    @Test
    void theFaultAddedLastCounts() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(2))
                .pageSize(1)
                .fromRequest(2, Fault.status(500))
                .onRequest(3, Fault.none())
                .when(request -> request.parameter("scroll_param") != null, Fault.status(410))
                .start()) {
            assertThat(statuses(api, "", "", "", "", "scroll_param=token-1")).containsExactly(200, 500, 200, 500, 410);
            api.change(scenario -> scenario.always(Fault.none()));
            assertThat(statuses(api, "scroll_param=token-1")).containsExactly(200);
        }
    }

    @Test
    void aReplacedAnswerUsesUpNoTokenButASpoiltOneDoes() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(2))
                .pageSize(1)
                .tokensUsableOnce(410)
                .onRequest(2, Fault.status(503))
                .onRequest(3, Fault.truncatedJson())
                .start()) {
            String next = "scroll_param=" + token(get(api, ""));
            assertThat(statuses(api, next, next, next)).containsExactly(503, 200, 410);
        }
    }

    @Test
    void missingAndNullRecordsOfABareArrayLeaveABareBody() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(2))
                .bareArray()
                .onRequest(1, Fault.missingRecords())
                .onRequest(2, Fault.nullRecords())
                .start()) {
            assertThat(send(api, "").body()).isEqualTo("{}");
            assertThat(send(api, "").body()).isEqualTo("null");
        }
    }

    @Test
    void redirectsWithinAndBeyondItsOrigin() throws Exception {
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        try (ScenarioApi other = ScenarioApi.of(feed()).start();
                ScenarioApi api = ScenarioApi.of(feed())
                        .onRequest(1, Fault.redirect("/elsewhere"))
                        .onRequest(3, Fault.redirect(307, other.url()))
                        .start()) {
            following.send(request(api, "").build(), BodyHandlers.ofString());
            assertThat(api.requests()).extracting(Request::path).containsExactly("/records", "/elsewhere");
            following.send(request(api, "").build(), BodyHandlers.ofString());
            assertThat(other.requests()).hasSize(1);
        }
    }

    @Test
    void aTruncatedBodyEndsShortOfItsLength() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(9)).always(Fault.truncatedBody()).start()) {
            assertThatThrownBy(() -> send(api, "")).hasMessageContaining("fixed content-length");
        }
    }

    @Test
    void aConnectionCanBeReset() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(feed()).always(Fault.resetConnection()).start()) {
            assertThatThrownBy(() -> firstByte(api)).isInstanceOf(SocketException.class);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @Test
    void aConnectionCanBeClosedWithoutAnAnswer() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(feed()).always(Fault.closeConnection()).start()) {
            assertThat(firstByte(api)).isEqualTo(-1);
            assertThat(api.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource
    void anAnswerCanStall(Fault stall) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(2)).onRequest(1, stall).start()) {
            HttpRequest request =
                    request(api, "").timeout(Duration.ofMillis(300)).build();
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, BodyHandlers.ofString());
            assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOfAny(TimeoutException.class, ExecutionException.class);
            assertThat(walk(api, "")).containsExactly("1 2");
        }
    }

    static Stream<Fault> anAnswerCanStall() {
        return Stream.of(Fault.stall(), Fault.stallMidway());
    }

    @Test
    void aBodyCanTrickle() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(2)).always(Fault.trickle()).start()) {
            long start = System.nanoTime();
            try (InputStream body = client.send(request(api, "").build(), BodyHandlers.ofInputStream())
                    .body()) {
                assertThat(body.readNBytes(4)).asString().isEqualTo("{\"da");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(149));
        }
    }

    @Test
    void compressedDataCanBeDamaged() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(9)).always(Fault.brokenGzip()).start()) {
            HttpResponse<byte[]> damaged = client.send(request(api, "").build(), BodyHandlers.ofByteArray());
            assertThat(damaged.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThatThrownBy(() -> new GZIPInputStream(new ByteArrayInputStream(damaged.body())).readAllBytes())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSmallBodyCanDecompressIntoAHugeOne() throws Exception {
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(1)).always(Fault.gzipBomb(32)).start()) {
            byte[] bomb = client.send(request(api, "").build(), BodyHandlers.ofByteArray())
                    .body();
            assertThat(bomb).hasSizeLessThan(64 << 10);
            byte[] exploded = new GZIPInputStream(new ByteArrayInputStream(bomb)).readAllBytes();
            assertThat(exploded).hasSizeGreaterThan(32 << 20);
            assertThat(JSON.readTree(exploded).get("data")).hasSize(1);
        }
    }

    // Time and lifecycle

    @Test
    void aGateHoldsAnAnswerWhichKnowsNothingOfLaterChanges() throws Exception {
        Gate gate = new Gate();
        try (ScenarioApi api =
                ScenarioApi.of(feed("a 12:00")).onRequest(1, gate).start()) {
            CompletableFuture<HttpResponse<String>> held =
                    client.sendAsync(request(api, "").build(), BodyHandlers.ofString());
            gate.awaitArrival();
            api.feed().put(at("b", "12:01"));
            assertThat(walk(api, "")).containsExactly("a b");
            assertThat(held).isNotDone();
            gate.open();
            assertThat(JSON.readTree(held.get().body()).get("data")).hasSize(1);
        }
    }

    @Test
    void aResetDropsWhatIsHeldOrStalledAndKeepsThePort() throws Exception {
        Gate gate = new Gate();
        Scenario scenario = ScenarioApi.of(Feed.users(2)).pageSize(1);
        try (ScenarioApi api = scenario.when(request -> true, gate).start()) {
            String url = api.url();
            HttpRequest notRetried =
                    request(api, "").POST(BodyPublishers.noBody()).build();
            CompletableFuture<HttpResponse<String>> held = client.sendAsync(notRetried, BodyHandlers.ofString());
            gate.awaitArrival();
            api.reset(scenario.fromRequest(2, Fault.status(500)));
            assertThatThrownBy(held::get).isInstanceOf(ExecutionException.class);
            assertThat(api.url()).isEqualTo(url);
            assertThat(api.requests()).isEmpty();
            assertThat(statuses(api, "", "")).containsExactly(200, 500);
            api.reset(scenario);
            assertThat(statuses(api, "scroll_param=token-1")).containsExactly(400);
        }
    }

    @Test
    void closingEndsAStallAtOnce() throws Exception {
        ScenarioApi api = ScenarioApi.of(feed()).always(Fault.stall()).start();
        CompletableFuture<HttpResponse<String>> stalled =
                client.sendAsync(request(api, "").build(), BodyHandlers.ofString());
        await().until(() -> api.requests().size() == 1);
        api.close();
        assertThatThrownBy(stalled::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void aHookThatFailsIsReportedAtTheEnd() throws Exception {
        ScenarioApi api = ScenarioApi.of(feed())
                .onRequest(1, live -> {
                    throw new IllegalStateException("no such record");
                })
                .start();
        assertThat(statuses(api, "", "")).containsExactly(500, 200);
        assertThatThrownBy(api::close).hasRootCauseMessage("no such record");
    }

    @Test
    void aScenarioIsNeverChanged() throws Exception {
        Scenario plain = ScenarioApi.of(Feed.users(3));
        Scenario other =
                plain.pageSize(1).always(Fault.status(500)).emptyPages(0, 1).recordsField("x");
        assertThat(other).isNotSameAs(plain);
        try (ScenarioApi api = plain.start()) {
            assertThat(walk(api, "")).containsExactly("1 2 3");
        }
    }

    @Test
    void scenariosThatMakeNoSenseAreRefused() {
        Scenario scenario = ScenarioApi.of(feed());
        assertThatThrownBy(() -> scenario.tokens(TokenKind.KEYSET).shuffled(1).start())
                .hasMessage("Tokens of kind KEYSET need an order by time, not SHUFFLED");
        assertThatThrownBy(() -> scenario.tokens(TokenKind.KEYSET).tokenCycle(2).start())
                .hasMessage("A token cycle needs tokens of kind OPAQUE, not KEYSET");
        assertThatThrownBy(() -> scenario.pageSize(0)).hasMessage("pageSize is out of range: 0");
        assertThatThrownBy(() -> scenario.onRequest(0, Fault.html())).hasMessage("request is out of range: 0");
    }

    /** The ids of each page, from the first request to the page without a token. */
    private List<String> walk(ScenarioApi api, String firstQuery) throws Exception {
        List<String> pages = new ArrayList<>();
        String query = firstQuery;
        do {
            JsonNode page = get(api, query);
            pages.add(ids(page));
            query = page.get("scroll_param").isNull() ? "" : "scroll_param=" + encode(token(page));
        } while (!query.isEmpty());
        return pages;
    }

    private static String ids(JsonNode page) {
        return page.get("data").findValuesAsText("id").stream().collect(joining(" "));
    }

    private List<Integer> statuses(ScenarioApi api, String... queries) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (String query : queries) {
            statuses.add(send(api, query).statusCode());
        }
        return statuses;
    }

    private JsonNode get(ScenarioApi api, String query) throws Exception {
        HttpResponse<String> response = send(api, query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> send(ScenarioApi api, String query) throws IOException, InterruptedException {
        return client.send(request(api, query).build(), BodyHandlers.ofString());
    }

    /** Without a client that tries again by itself. */
    private static int firstByte(ScenarioApi api) throws IOException {
        int port = URI.create(api.url()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            byte[] request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(request);
            return socket.getInputStream().read();
        }
    }

    private static HttpRequest.Builder request(ScenarioApi api, String query) {
        return HttpRequest.newBuilder(URI.create(api.url() + (query.isEmpty() ? "" : "?" + query)));
    }

    private static String token(JsonNode page) {
        return page.get("scroll_param").asText();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A feed of records such as {@code a 12:00}, a key and a time of one day. */
    private static Feed feed(String... records) {
        return Feed.of(Stream.of(records)
                .map(record -> record.split(" "))
                .map(parts -> at(parts[0], parts[1]))
                .toList());
    }

    private static FeedRecord at(String id, String time) {
        return FeedRecord.of(id, "2024-01-01T" + time + ":00Z");
    }
}
