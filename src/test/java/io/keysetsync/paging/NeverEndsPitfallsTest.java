package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes other clients ask for ever, or end a list that goes round in a circle as if it were read. */
class NeverEndsPitfallsTest extends PitfallExample {

    @Test
    void flagEndsAListWhoseLastPageLinksToItself() {
        with("paging=link", "scrollField=next", "moreField=has_more");

        assertThat(sync(request -> request.parameter("p").equals("2")
                        ? data(users(3, 4), "\"next\":\"/v1/users?p=2\",\"has_more\":false")
                        : data(users(1, 2), "\"next\":\"/v1/users?p=2\",\"has_more\":true")))
                .isEqualTo("complete");
        assertThat(asked()).hasSize(2);
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void lastPageThatLinksToItselfFailsWithoutAFlag() {
        with("paging=link", "scrollField=next");

        assertThat(sync(request -> request.parameter("p").equals("2")
                        ? data(users(3, 4), "\"next\":\"/v1/users?p=2\"")
                        : data(users(1, 2), "\"next\":\"/v1/users?p=2\"")))
                .isEqualTo("failed");
        assertThat(asked()).hasSizeLessThanOrEqualTo(3);
        assertThat(error()).contains("leads to itself", "moreField");
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(3));
    }

    @ParameterizedTest
    @CsvSource({
        "has_more, '\"has_more\":false'",
        "has_more, '\"has_more\":\"false\"'",
        "has_more, '\"has_more\":0'",
        "!end, '\"end\":true'",
        "!end, '\"end\":1'",
        "!end, '\"end\":\"true\"'"
    })
    void flagEndsAListWhoseLastPageHasAToken(String moreField, String member) {
        with("scrollField=next", "scrollParam=cursor", "moreField=" + moreField);

        assertThat(sync(request -> request.parameter("cursor").isEmpty()
                        ? data(users(1, 2), "\"next\":\"t\"")
                        : data(users(3, 4), "\"next\":\"t\"," + member)))
                .isEqualTo("complete");
        assertThat(asked()).hasSize(2);
        assertThat(ids()).isEqualTo(ids(1, 4));
        assertThat(cursor()).isEqualTo(time(4));
    }

    @Test
    void emptyPageEndsAListWhoseTokenIsNeverNull() {
        with("scrollField=next", "scrollParam=cursor", "onEmptyPage=end");

        assertThat(sync(request -> request.parameter("cursor").isEmpty()
                        ? data(users(1, 2), "\"next\":\"t\"")
                        : data("[]", "\"next\":\"u\"")))
                .isEqualTo("complete");
        assertThat(asked()).hasSize(2);
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(2));
    }

    @Test
    void startThatIsIncludedAndMakesNoProgressFailsTheRun() {
        with("paging=lastRecord", "scrollField=updatedAt", "scrollParam=from", "cursorParam=", "initialCursor=");
        List<String> list = Stream.of("a@1", "b@2", "c@2", "d@2", "e@3")
                .map(one -> user(one.substring(0, 1), time(one.charAt(2) - '0')))
                .toList();

        assertThat(sync(request -> data(array(part(
                        list.stream()
                                .filter(user -> user.contains(request.parameter("from"))
                                        || user.substring(20).compareTo("\":\"" + request.parameter("from")) >= 0)
                                .toList(),
                        0,
                        2)))))
                .isEqualTo("failed");
        assertThat(asked()).hasSizeLessThanOrEqualTo(4);
        assertThat(error()).contains("does not lead past this record");
    }

    @Test
    void tokensThatGoRoundInACircleFailTheRun() {
        with("scrollField=next", "scrollParam=cursor");

        assertThat(sync(request -> switch (request.parameter("cursor")) {
                    case "", "b" -> data(users(1, 2), "\"next\":\"a\"");
                    default -> data(users(3, 4), "\"next\":\"b\"");
                }))
                .isEqualTo("failed");
        assertThat(asked()).hasSizeLessThanOrEqualTo(5);
        assertThat(error()).contains("go round in a circle");
        assertThat(ids()).isEqualTo(ids(1, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "offset"})
    void parameterThatTheApiIgnoresFailsTheRun(String paging) {
        with("paging=" + paging, "scrollParam=ignored");

        assertThat(sync(request -> data(users(1, 2)))).isEqualTo("failed");
        assertThat(asked()).hasSize(2);
        assertThat(error()).contains("ignores scrollParam");
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(1));
    }

    /** Records on the first page, then empty pages with a fresh link for ever. */
    private static MockResponse emptyForEver(Asked request) {
        return data(
                request.query().containsKey("p") ? "[]" : users(1, 2),
                "\"next\":\"?p=" + (request.number("p", 1) + 1) + "\"");
    }

    @Test
    void linkThatNeverEndsEndsAtAnEmptyPageIfTheUserSaysSo() {
        with("paging=link", "scrollField=next", "onEmptyPage=end");

        assertThat(sync(NeverEndsPitfallsTest::emptyForEver)).isEqualTo("complete");
        assertThat(asked()).hasSize(2);
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(2));
    }

    @Test
    void linkThatNeverEndsFailsAtTheMaximumOfEmptyPages() {
        with("paging=link", "scrollField=next", "maxEmptyPages=3");

        assertThat(sync(NeverEndsPitfallsTest::emptyForEver)).isEqualTo("failed");
        assertThat(asked()).hasSize(4);
        assertThat(error()).contains("3 empty pages in a row", "maxEmptyPages", "onEmptyPage");
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(1));
    }

    /** A list by offset, since the cursor, that refuses offsets from 20 on. */
    private static Function<Asked, MockResponse> capped(List<String> times) {
        return request -> {
            int skip = request.number("skip", 0);
            List<String> list = Stream.iterate(0, i -> i + 1)
                    .limit(times.size())
                    .filter(i -> times.get(i).compareTo(request.parameter("updated_since")) >= 0)
                    .map(i -> user(id(i + 1), times.get(i)))
                    .toList();
            return skip >= 20 ? answer(400, "{\"error\":\"too deep\"}") : data(array(part(list, skip, 5)));
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void listThatIsRefusedBeyondACapBeginsAgainSinceTheCursor(boolean reanchor) {
        with("paging=offset", "scrollParam=skip", "reanchor=" + reanchor);

        assertThat(sync(capped(Stream.iterate(1, i -> i + 1)
                        .limit(50)
                        .map(i -> time(i))
                        .toList())))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 50));
        assertThat(cursor()).isEqualTo(time(50));
    }

    @Test
    void moreRecordsOfOneInstantThanTheCapFailTheRunAndAreTold() {
        with("paging=offset", "scrollParam=skip");

        assertThat(sync(capped(Stream.generate(() -> time(1)).limit(30).toList())))
                .isEqualTo("failed");
        assertThat(asked()).hasSizeLessThanOrEqualTo(10);
        assertThat(error()).contains("HTTP 400", "the cursor has not moved", "set step or reanchor");
        assertThat(ids()).isEqualTo(ids(1, 20));
        assertThat(cursor()).isNull();
    }

    @Test
    void resetInThePastIsNoWait() {
        with("attempts=3", "retryDelay=PT10M", "maxRetryDelay=PT10M");

        assertThat(sync(request -> asked().size() == 1
                        ? answer(429, "{}", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1714564799")
                        : asked().size() == 2 ? answer(429, "{}", "Retry-After", "-5") : data(users(1, 2))))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(1, 2));
        assertThat(cursor()).isEqualTo(time(2));
    }
}
