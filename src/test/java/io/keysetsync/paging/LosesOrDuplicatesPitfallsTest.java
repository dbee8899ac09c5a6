package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes other clients lose records of a list, or read them again for ever, without a word. */
class LosesOrDuplicatesPitfallsTest extends PitfallExample {

    /** A list by offset that gives at most {@code most} records, whatever the limit. */
    private static Function<Asked, MockResponse> offsets(int total, int most) {
        return request -> {
            int from = request.number("skip", 0) + 1;
            return data(users(from, Math.min(from + Math.min(most, request.number("limit", most)) - 1, total)));
        };
    }

    /** Pages of these sizes by number, then empty ones. */
    private static Function<Asked, MockResponse> pages(int first, int... sizes) {
        return request -> {
            int page = request.number("page", first) - first;
            int from = IntStream.of(sizes).limit(page).sum() + 1;
            return data(page < sizes.length ? users(from, from + sizes[page] - 1) : "[]");
        };
    }

    @Test
    void offsetCountsWhatCameIfTheApiCapsTheLimit() {
        with("paging=offset", "scrollParam=skip", "query=limit=10000");

        assertThat(sync(offsets(25, 10))).isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 25));
        assertThat(cursor()).isEqualTo(time(25));
        assertThat(sent("skip")).containsExactly("", "10", "20", "25");
    }

    @Test
    void pageCountsAsItArrivedWhateverAStepDrops() {
        with("paging=offset", "scrollParam=skip");
        withStep(page -> {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            for (JsonNode user : page.getMessage().getBody(JsonNode.class)) {
                if (user.path("id").textValue().endsWith("1")) {
                    kept.add(user);
                }
            }
            page.getMessage().setBody(kept);
        });

        assertThat(sync(offsets(25, 10))).isEqualTo("complete");
        assertThat(ids()).containsExactly("001", "011", "021");
        assertThat(cursor()).isEqualTo(time(25));
    }

    @Test
    void shortPageInTheMiddleEndsNothing() {
        with("paging=page", "scrollParam=page");

        assertThat(sync(pages(1, 10, 9, 10))).isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 29));
        assertThat(cursor()).isEqualTo(time(29));
        assertThat(sent("page")).containsExactly("1", "2", "3", "4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"total\":0,", "\"total\":\"10\",", "\"total\":null,"})
    void totalThatIsMissingOrShrinksDecidesNothing(String total) {
        with("paging=page", "scrollParam=page");

        assertThat(sync(request -> json("{" + total + "\"data\":"
                        + (request.number("page", 1) < 4
                                ? users(request.number("page", 1) * 10 - 9, request.number("page", 1) * 10)
                                : "[]")
                        + "}")))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 30));
        assertThat(cursor()).isEqualTo(time(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scroll", "link", "linkHeader"})
    void emptyPageThatLeadsOnIsFollowed(String paging) {
        with("paging=" + paging, "scrollField=next", "scrollParam=page");

        assertThat(sync(request -> {
                    int page = request.number("page", 1);
                    String records = page == 2 ? "[]" : users(page, page);
                    String next = paging.equals("scroll") ? "" + (page + 1) : "/v1/users?page=" + (page + 1);
                    return page == 3
                            ? data(records)
                            : answer(
                                    200,
                                    "{\"data\":%s,\"next\":\"%s\"}".formatted(records, next),
                                    "Link",
                                    "<" + next + ">; rel=\"next\"");
                }))
                .isEqualTo("complete");
        assertThat(ids()).containsExactly("001", "003");
        assertThat(cursor()).isEqualTo(time(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\":1", "\"next\":null", "\"next\":\"\""})
    void nothingMoreIsAskedIfTheLastPageHasNoToken(String member) {
        with("scrollField=next", "scrollParam=cursor");

        assertThat(sync(request -> request.parameter("cursor").isEmpty()
                        ? data(users(1, 2), "\"next\":\"t\"")
                        : data(users(3, 4), member)))
                .isEqualTo("complete");
        assertThat(sent("cursor")).containsExactly("", "t");
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void tokensAreGivenOnlyToWhoAsksWithOne() {
        with("scrollField=next", "scrollParam=cursor", "firstPage=*");

        assertThat(sync(request -> switch (request.parameter("cursor")) {
                    case "*" -> data(users(1, 2), "\"next\":\"t\"");
                    case "t" -> data(users(3, 4), "\"next\":\"u\"");
                    case "u" -> data("[]");
                    default -> data(users(1, 2));
                }))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void everyRunBeginsAtPage0IfThatIsTheFirst() {
        with("paging=page", "scrollParam=page", "firstPage=0");

        for (int run = 1; run <= 2; run++) {
            assertThat(sync(pages(0, 2, 2))).isEqualTo("complete");
            assertThat(sent("page")).containsExactly("0", "1", "2");
        }
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void recordThatAppearsWithTheStoredCursorIsSaved() {
        sync(request -> data(users(1, 3)));

        assertThat(sync(request -> data(array(List.of(user("003", time(3)), user("late", time(3)))))))
                .isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly(time(3));
        assertThat(ids()).containsExactly("001", "002", "003", "late");
        assertThat(cursor()).isEqualTo(time(3));
    }

    @Test
    void pageThatFailsLaterFailsTheRunAndHoldsTheCursorBeforeIt() {
        with("paging=page", "scrollParam=page");

        assertThat(sync(request -> request.number("page", 1) == 2
                        ? answer(500, "{}")
                        : pages(1, 5, 5).apply(request)))
                .isEqualTo("failed");
        assertThat(ids()).isEqualTo(ids(1, 5));
        assertThat(cursor()).isEqualTo(time(4));
        assertThat(sync(pages(1, 5, 5))).isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 10));
        assertThat(cursor()).isEqualTo(time(10));
    }

    @Test
    void filterIsFrozenWhilePaging() {
        with("paging=page", "scrollParam=page", "initialCursor=2023-01-01T00:00:00Z");

        assertThat(sync(pages(1, 5, 5, 5))).isEqualTo("complete");
        assertThat(sent("updated_since")).hasSize(4).containsOnly("2023-01-01T00:00:00Z");
        assertThat(ids()).isEqualTo(ids(1, 15));
        assertThat(cursor()).isEqualTo(time(15));
    }

    @Test
    void idsThatDoNotAscendHoldTheCursor() {
        with("cursorType=number", "cursorField=id", "cursorParam=after", "paging=page", "scrollParam=page");
        withCursorsOfAnyKind();
        List<String> pages = List.of("[{\"id\":5},{\"id\":9}]", "[{\"id\":3},{\"id\":12}]", "[]");

        assertThat(sync(request -> request.number("page", 1) == 3
                        ? answer(500, "{}")
                        : data(pages.get(request.number("page", 1) - 1))))
                .isEqualTo("failed");
        assertThat(cursor()).isNull();
        assertThat(sync(request -> data(pages.get(request.number("page", 1) - 1))))
                .isEqualTo("complete");
        assertThat(sent("after")).containsOnly("");
        assertThat(ids()).containsExactly("12", "3", "5", "9");
        assertThat(cursor()).isEqualTo("12");
    }

    @Test
    void numberLosesNoDigitInKeyTokenAndCursor() {
        with(
                "cursorType=number",
                "cursorField=id",
                "cursorParam=since",
                "scrollField=next",
                "scrollParam=after",
                "sendCursor=first");
        withCursorsOfAnyKind();

        assertThat(sync(request -> request.parameter("after").isEmpty()
                        ? data("[{\"id\":9007199254740992},{\"id\":9007199254740993}]", "\"next\":9007199254740993")
                        : data("[{\"id\":123456789012345678901234567890}]")))
                .isEqualTo("complete");
        assertThat(sent("after")).containsExactly("", "9007199254740993");
        assertThat(ids()).containsExactly("123456789012345678901234567890", "9007199254740992", "9007199254740993");
        assertThat(cursor()).isEqualTo("123456789012345678901234567890");
    }

    @Test
    void listThatEndsBecauseItsLastRecordWasDeletedFailsIfTheFlagSaysMore() {
        with("paging=lastRecord", "scrollField=id", "scrollParam=after", "moreField=has_more");

        assertThat(sync(request ->
                        data(request.parameter("after").isEmpty() ? users(1, 3) : "[]", "\"has_more\":true")))
                .isEqualTo("failed");
        assertThat(error()).contains("moreField", "the page is empty");
        assertThat(ids()).isEqualTo(ids(1, 3));
        assertThat(cursor()).isEqualTo(time(2));
    }

    @Test
    void reanchoringLosesNoNeighbourOfARowThatMoves() {
        with("paging=offset", "scrollParam=skip", "reanchor=true");
        Map<String, Integer> changed =
                new TreeMap<>(IntStream.rangeClosed(1, 12).boxed().collect(Collectors.toMap(i -> id(i), i -> i)));
        AtomicInteger requests = new AtomicInteger();

        assertThat(sync(request -> {
                    if (requests.incrementAndGet() == 2) {
                        changed.put("001", 20);
                        changed.remove("002");
                    }
                    List<String> list = changed.entrySet().stream()
                            .filter(user -> time(user.getValue()).compareTo(request.parameter("updated_since")) >= 0)
                            .sorted(Map.Entry.comparingByValue())
                            .map(user -> user(user.getKey(), time(user.getValue())))
                            .toList();
                    return data(array(part(list, request.number("skip", 0), 4)));
                }))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 12));
        assertThat(cursor()).isEqualTo(time(20));
    }

    @Test
    void maximumIsThatOfTheInstantsAndNotOfTheTexts() {
        assertThat(sync(request -> data(array(List.of(
                        user("a", "2024-01-01T09:00:00+02:00"),
                        user("b", "2024-01-01T07:15:00-0030"),
                        user("c", "2024-01-01T07:30:00-00:00"),
                        user("d", "2024-01-01T07:20:00Z"))))))
                .isEqualTo("complete");
        assertThat(cursor()).isEqualTo("2024-01-01T07:15:00-0030");
        assertThat(ids()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void plusOfAnOffsetArrivesAsAPlus() {
        sync(request -> data(array(List.of(user("a", "2024-01-01T00:00:00+02:00")))));

        assertThat(sync(request -> data("[]"))).isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly("2024-01-01T00:00:00+02:00");
        assertThat(cursor()).isEqualTo("2024-01-01T00:00:00+02:00");
    }

    @ParameterizedTest
    @CsvSource({
        "1704067200, 1704067199",
        "'\"1704067200\"', 1704067199",
        "1704067200123, 1704067199123",
        "'\"1704067200123\"', 1704067199123",
        "1704067200123456, 1704067199123456",
        "'\"1704067200123456\"', 1704067199123456"
    })
    void unitOfAnEpochIsToldByItsSize(String json, String secondBefore) {
        with("lookback=PT1S");
        withCursorsOfAnyKind();
        MockResponse page = data("[{\"id\":\"a\",\"updatedAt\":" + json + "}]");

        assertThat(sync(request -> page)).isEqualTo("complete");
        assertThat(sync(request -> page)).isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly(secondBefore);
        assertThat(cursor()).isEqualTo(json.replace("\"", ""));
        assertThat(ids()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, <html>busy</html>, 17 bytes",
        "application/json, '{\"data\":[', 9 bytes",
        "text/plain, '', is empty",
        "application/json, null, 4 bytes"
    })
    void whatIsNotJsonUnderStatus200IsNeverTheEnd(String type, String body, String length) {
        sync(request -> data(users(1, 3)));

        assertThat(sync(request -> new MockResponse.Builder()
                        .body(body)
                        .setHeader("Content-Type", type)
                        .build()))
                .isEqualTo("failed");
        assertThat(asked()).hasSize(2);
        assertThat(error()).contains("HTTP 200", type, length, "(2 attempts)").doesNotContain("\n");
        assertThat(ids()).isEqualTo(ids(1, 3));
        assertThat(cursor()).isEqualTo(time(3));
    }

    @ParameterizedTest
    @CsvSource({
        "errors, '{\"data\":null,\"errors\":[{\"message\":\"no such field\"}]}', no such field",
        "errors, '{\"data\":[{\"id\":\"a\",\"updatedAt\":\"2024-01-01\"}],\"errors\":[{\"message\":\"in part\"}]}', in part",
        "!ok, '{\"ok\":false,\"error\":\"not_authed\",\"data\":[]}', not_authed",
        "error.code, '{\"error\":{\"code\":17},\"data\":[]}', 17"
    })
    void errorUnderStatus200FailsTheRunAndIsTold(String field, String body, String told) {
        with("errorField=" + field);

        assertThat(sync(request -> json(body))).isEqualTo("failed");
        assertThat(asked()).hasSize(2);
        assertThat(error()).contains("error under status 200", told);
        assertThat(ids()).isEmpty();
        assertThat(cursor()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"errors\":null", "\"errors\":[]", "\"errors\":{}", "\"errors\":\"\"", "\"ok\":true"})
    void noErrorIsTakenForOne(String member) {
        with("errorField=errors");

        assertThat(sync(request -> data(users(1, 3), member))).isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 3));
        assertThat(cursor()).isEqualTo(time(3));
    }

    @Test
    void linkHeaderOfSeveralLinesIsReadWhole() {
        with("paging=linkHeader");

        assertThat(sync(request -> request.target().contains("ids=1,2;3")
                        ? answer(
                                200,
                                "{\"data\":" + users(3, 4) + "}",
                                "Link",
                                "</v1/users?page=9>; rel=next; results=\"false\"")
                        : answer(
                                200,
                                "{\"data\":" + users(1, 2) + "}",
                                "Link",
                                "</v1/users>, </v1/users?p=0>; rel=\"next-page\"",
                                "link",
                                "</v1/users?ids=1,2;3>; type=\"a; rel=prev\"; REL=\"last NEXT\"")))
                .isEqualTo("complete");
        assertThat(asked()).extracting(Asked::target).element(1).isEqualTo("/v1/users?ids=1,2;3");
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void linkIsAskedForAloneWithoutOwnParameters() {
        with("paging=link", "scrollField=next", "query=limit=2", "cursorParam=since");

        assertThat(sync(request -> request.query().containsKey("p")
                        ? data(users(3, 4))
                        : data(users(1, 2), "\"next\":\"/v1/users?since=x&limit=2&p=2\"")))
                .isEqualTo("complete");
        assertThat(asked()).extracting(Asked::target).element(1).isEqualTo("/v1/users?since=x&limit=2&p=2");
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void linkThatForgetsTheFilterDoesNoHarm() {
        with("paging=link", "scrollField=next");
        sync(request -> data(users(1, 5)));

        assertThat(sync(request ->
                        request.query().containsKey("p") ? data(users(1, 7)) : data(users(5, 6), "\"next\":\"?p=2\"")))
                .isEqualTo("complete");
        assertThat(asked()).hasSize(2);
        assertThat(ids()).isEqualTo(ids(1, 7));
        assertThat(cursor()).isEqualTo(time(7));
    }

    @Test
    void linkThatForgetsTheFilterGetsItIfTheCursorIsAlwaysSent() {
        with("paging=link", "scrollField=next", "sendCursor=always");

        assertThat(sync(request ->
                        request.query().containsKey("p") ? data(users(3, 4)) : data(users(1, 2), "\"next\":\"?p=2\"")))
                .isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }
}
