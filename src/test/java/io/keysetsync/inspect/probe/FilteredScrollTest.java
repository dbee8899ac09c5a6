package io.keysetsync.inspect.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.TokenKind;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the filter holds on the pages after the first one, and which {@code sendCursor} an API needs. */
class FilteredScrollTest extends ProbeExample {

    private static final String HOLDS = "the filter holds on a list's second page, too";

    private Scenario ordered(String order) {
        return switch (order) {
            case "descending" -> plain().descending();
            case "shuffled" -> plain().shuffled(7);
            case "keyset" -> plain().descending().tokens(TokenKind.KEYSET);
            case "strict" -> plain().strict();
            case "short" -> plain().pageSize(17);
            default -> plain();
        };
    }

    /** The problems that are not about the filter's edge. */
    private static void assertFine(ApiFindings check) {
        assertThat(problems(check)).isEmpty();
        assertThat(check.parameters()).doesNotContainKeys("sendCursor", "reanchor", "paging");
        assertThat(check.findings()).noneMatch(finding -> finding.what().contains("loses the filter"));
    }

    @ParameterizedTest
    @CsvSource({
        "ascending, 00:09, 4 older records, 7",
        "descending, 00:34, 4 older records, 6",
        "shuffled, 00:19, 1 older record, 6",
        "keyset, 00:34, 4 older records, 6",
        "strict, 00:08, 3 older records, 7",
        "short, 00:22, 5 older records, 8"
    })
    void findsATokenThatForgetsTheFilter(String order, String since, String older, int requests) {
        Scenario scenario = ordered(order).forgetsFilter();
        ApiFindings check = check(scenario);

        assertThat(problems(check))
                .containsExactly("a token alone loses the filter: asked since 2024-01-01T" + since
                        + ":00Z, the second page has " + older);
        assertThat(check.parameters()).containsEntry("sendCursor", "always");
        assertThat(requests()).hasSize(requests + 1);

        ApiFindings mended = check(scenario, "sendCursor=always");
        assertFine(mended);
        assertThat(found(mended, Level.OK)).contains(HOLDS);
        assertThat(requests()).hasSize(requests);
    }

    @Test
    void findsATokenThatForgetsTheFilterAndIsUsedUp() {
        ApiFindings check = check(plain().forgetsFilter().tokensUsableOnce(410));

        assertThat(problems(check)).singleElement().asString().startsWith("a token alone loses the filter");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "always"));
        assertThat(requests()).hasSize(9);
    }

    @Test
    void findsThatEachPageNeedsTheFilter() {
        Scenario scenario = plain().repeatsFilter();
        ApiFindings check = check(scenario);

        assertThat(problems(check))
                .singleElement()
                .asString()
                .startsWith("a token alone is refused: ")
                .contains("HTTP 400");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "always"));
        assertFine(check(scenario, "sendCursor=always"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", ""})
    void findsThatATokenExcludesTheFilter(String initialCursor) {
        ApiFindings check = check(plain(), "sendCursor=always", "initialCursor=" + initialCursor);

        assertThat(problems(check))
                .singleElement()
                .asString()
                .startsWith("updated_since beside a token is refused: ")
                .contains("HTTP 400");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "first"));
        assertFine(check(plain(), "sendCursor=first", "initialCursor=" + initialCursor));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "", "2024-01-01T00:03:00Z"})
    void findsThatTheFilterBesideATokenBeginsAgain(String initialCursor) {
        Scenario scenario = plain().ignoresTokenWithFilter();
        ApiFindings check = check(scenario, "sendCursor=always", "initialCursor=" + initialCursor);

        assertThat(problems(check)).containsExactly("updated_since beside a token leads to the first page again");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "first"));
        assertFine(check(scenario, "initialCursor=" + initialCursor));
    }

    @Test
    void findsASecondPageThatIsOlderThanTheInitialCursor() {
        ApiFindings check = check(plain().forgetsFilter(), "initialCursor=2024-01-01T00:20:00Z");

        assertThat(problems(check))
                .containsExactly("a token alone loses the filter: asked since 2024-01-01T00:20:00Z, the second page has"
                        + " 5 older records");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "always"));
        assertThat(found(check, Level.OK)).anyMatch(what -> what.startsWith("cursors ascend"));
    }

    @ParameterizedTest
    @CsvSource({"PAGE, page", "OFFSET, offset"})
    void findsANumberWithoutTheFilter(NextPage kind, String paging) {
        Scenario scenario = plain().descending().nextPage(kind).scrollParam("at");
        ApiFindings check = check(scenario, "paging=" + paging, "scrollParam=at", "sendCursor=first");

        assertThat(problems(check)).singleElement().asString().contains(" alone loses the filter: asked since ");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "always"));
        assertFine(check(scenario, "paging=" + paging, "scrollParam=at"));
    }

    /** A link of each kind, and the parameters of a stream that follows it. */
    static Stream<Arguments> links() {
        return Stream.of(
                Arguments.of(NextPage.LINK, "paging=link"),
                Arguments.of(NextPage.RELATIVE_LINK, "paging=link"),
                Arguments.of(NextPage.LINK_LIST, "paging=link"),
                Arguments.of(NextPage.LINK_HEADER, "paging=linkHeader"));
    }

    @ParameterizedTest
    @MethodSource("links")
    void findsALinkThatLosesTheFilter(NextPage kind, String paging) {
        Scenario scenario = plain().nextPage(kind).forgetsFilter().scrollField("next");
        for (Scenario each : List.of(scenario, scenario.descending())) {
            ApiFindings check = check(each, paging, "scrollField=next");

            assertThat(problems(check))
                    .singleElement()
                    .asString()
                    .startsWith("a link alone loses the filter: asked since ");
            assertThat(check.findings())
                    .extracting(Finding::advice)
                    .contains(
                            "set sendCursor to always, which adds updated_since to a link that lacks it: that mends the"
                                    + " page");
            assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "always"));

            ApiFindings mended = check(each, paging, "scrollField=next", "sendCursor=always");
            assertFine(mended);
            assertThat(found(mended, Level.OK)).contains(HOLDS);
        }
    }

    @ParameterizedTest
    @MethodSource("links")
    void isSilentIfTheLinkKeepsTheFilter(NextPage kind, String paging) {
        Scenario plain = plain().nextPage(kind).scrollField("next");
        Scenario forgetting = plain.forgetsFilter().linksWithFilter();
        Scenario repeating = plain.repeatsFilter().linksWithFilter();
        for (Scenario each : List.of(plain, forgetting, forgetting.descending(), repeating)) {
            ApiFindings check = check(each, paging, "scrollField=next");

            assertFine(check);
            assertThat(found(check, Level.OK)).contains(HOLDS);
        }
    }

    @Test
    void findsALinkThatTakesNoFilter() {
        Scenario scenario = plain().nextPage(NextPage.LINK_HEADER);
        ApiFindings check = check(scenario, "paging=linkHeader", "sendCursor=always");

        assertThat(problems(check)).singleElement().asString().startsWith("updated_since beside a link is refused: ");
        assertThat(check.parameters()).isEqualTo(Map.of("sendCursor", "first"));
        assertFine(check(scenario, "paging=linkHeader", "sendCursor=first"));
    }

    @Test
    void findsALinkThatLosesTheFilterAndTakesNone() {
        Scenario scenario = plain().nextPage(NextPage.LINK_HEADER)
                .forgetsFilter()
                .when(
                        request ->
                                request.parameter("scroll_param") != null && request.parameter("updated_since") != null,
                        Fault.status(400));
        ApiFindings ascending = check(scenario, "paging=linkHeader");
        assertThat(problems(ascending)).singleElement().asString().startsWith("a link alone loses the filter: ");
        assertThat(ascending.parameters()).isEqualTo(Map.of("reanchor", "true"));

        ApiFindings descending = check(scenario.descending(), "paging=linkHeader");
        assertThat(problems(descending)).isEmpty();
        assertThat(descending.findings())
                .filteredOn(finding -> finding.what().startsWith("a link alone loses the filter: "))
                .singleElement()
                .extracting(Finding::advice)
                .asString()
                .contains("set paging to page, offset or scroll");

        ApiFindings reanchored = check(scenario, "paging=linkHeader", "reanchor=true");
        assertThat(problems(reanchored)).isEmpty();
        assertThat(found(reanchored, Level.OK)).anyMatch(what -> what.startsWith("a link alone loses the filter: "));
    }

    @Test
    void saysWhatHelpsIfTheFilterIsLostWithEachSendCursor() {
        Fault second = Fault.json(200, "{\"data\": [{\"id\": \"1\", \"updatedAt\": \"2023-01-01T00:00:00Z\"}]}");
        Scenario scenario = plain().ignoresFilterWithToken();
        ApiFindings ascending = check(
                scenario.when(request -> request.number() > 5 && request.parameter("scroll_param") != null, second));
        assertThat(problems(ascending)).singleElement().asString().startsWith("a token alone loses the filter");
        assertThat(ascending.parameters()).isEqualTo(Map.of("reanchor", "true"));

        ApiFindings descending = check(scenario.descending()
                .when(request -> request.number() > 4 && request.parameter("scroll_param") != null, second));
        assertThat(problems(descending)).isEmpty();
        assertThat(descending.findings())
                .filteredOn(finding -> finding.what().startsWith("a token alone loses the filter"))
                .extracting(Finding::advice)
                .containsExactly("each run reads the list to its end");
        assertThat(descending.parameters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ascending", "descending", "shuffled", "keyset", "strict", "short"})
    void isSilentIfTheTokenKeepsTheFilter(String order) {
        ApiFindings plain = check(ordered(order));
        assertFine(plain);
        assertThat(found(plain, Level.OK)).contains(HOLDS);

        for (String sendCursor : new String[] {"first", "always"}) {
            ApiFindings either = check(ordered(order).ignoresFilterWithToken(), "sendCursor=" + sendCursor);
            assertFine(either);
            assertThat(found(either, Level.OK)).contains(HOLDS);
        }
    }

    static Stream<Arguments> silent() {
        return Stream.of(
                Arguments.of("one page", 100, new String[] {}),
                Arguments.of("two pages", 20, new String[] {}),
                Arguments.of("hardly more than two pages", 19, new String[] {}),
                Arguments.of("no filter", 5, new String[] {"cursorParam="}),
                Arguments.of("windows", 5, new String[] {
                    "step=P1D", "query=updated_since={cursor}&until={until}", "initialCursor=2024-01-01T00:00:00Z"
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("silent")
    void isSilentIfNothingCanBeTold(String what, int pageSize, String[] parameters) {
        boolean isWindows = what.equals("windows");
        Scenario scenario = plain().pageSize(pageSize);
        assertFine(check(isWindows ? scenario.ignoresFilterWithToken() : scenario, parameters));
        assertFine(
                check(isWindows ? scenario.ignoresFilterWithToken().descending() : scenario.descending(), parameters));
    }

    @Test
    void isSilentIfTheFilterIsIgnored() {
        ApiFindings check = check(plain().forgetsFilter().cursorParam("changed_after"));

        assertThat(problems(check)).singleElement().asString().startsWith("updated_since makes no difference");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ascending", "descending", "shuffled", "keyset", "strict"})
    void doesNotTakeAFilterByHoursForALostOne(String order) {
        for (int i = 1; i <= 40; i++) {
            feed().put(FeedRecord.user("" + i, "2024-01-01T%02d:%02d:00Z".formatted(i / 4, i % 4 * 15)));
        }
        assertFine(check(ordered(order).filtersBy(ChronoUnit.HOURS)));
        assertFine(check(ordered(order).ignoresFilterWithToken().filtersBy(ChronoUnit.HOURS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ascending", "descending", "shuffled"})
    void isSilentIfAllRecordsAreOfTheDayThatIsSent(String order) {
        ApiFindings check = check(
                ordered(order).cursorFormat(".*").cursorPattern("yyyy-MM-dd").forgetsFilter(),
                "cursorFormat=yyyy-MM-dd");

        assertFine(check);
        assertThat(found(check, Level.OK)).doesNotContain(HOLDS);
    }

    @Test
    void asksNoFurtherIfTheNotationTookAllRequests() {
        ApiFindings check = check(
                plain().cursorFormat("\\d+-\\d+-\\d+")
                        .cursorPattern("yyyy-MM-dd")
                        .forgetsFilter(),
                "initialCursor=");

        assertThat(check.parameters()).isEqualTo(Map.of("cursorFormat", "yyyy-MM-dd"));
        assertThat(requests()).hasSize(10);
    }

    @Test
    void aFailureOfTheSecondPageIsNoRefusal() {
        ApiFindings check = check(plain().when(
                        request -> Objects.equals(request.parameter("scroll_param"), "token-6"), Fault.status(500)));

        assertThat(problems(check)).isEmpty();
        assertThat(found(check, Level.OK)).doesNotContain(HOLDS);

        ApiFindings limited = check(plain().onRequest(2, Fault.status(429)));
        assertThat(problems(limited)).isEmpty();
        assertThat(found(limited, Level.NOTE)).anyMatch(what -> what.contains("HTTP 429"));
    }
}
