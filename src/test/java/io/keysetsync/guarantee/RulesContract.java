package io.keysetsync.guarantee;

import static io.keysetsync.scenario.FeedRecord.user;
import static io.keysetsync.scenario.FeedRecord.withNullCursor;
import static io.keysetsync.scenario.FeedRecord.withoutCursor;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.guarantee.Crash.Moment;
import io.keysetsync.scenario.Absent;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.scenario.TokenKind;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the cursor, one by one, on every database. */
abstract class RulesContract extends SyncExample {

    private static final String ONE = "2024-01-01T00:00:01Z";
    private static final String TWO = "2024-01-01T00:00:02Z";
    private static final String THREE = "2024-01-01T00:00:03Z";
    private static final String FOUR = "2024-01-01T00:00:04Z";
    private static final String FIVE = "2024-01-01T00:00:05Z";

    private static final Fault DOWN = Fault.status(401);

    private static Scenario api(Feed feed) {
        return ScenarioApi.of(feed).pageSize(2);
    }

    private static Scenario api(FeedRecord... records) {
        return api(Feed.of(records));
    }

    private static boolean follows(Request request, String token) {
        return token.equals(request.parameter("scroll_param"));
    }

    // Rule 1

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 7, 9, 11})
    void rowsAndCursorOfAPageCommitTogetherOrNotAtAll(int operation) throws Exception {
        sync(api(Feed.users(6)), new Crash(2, operation, Moment.BEFORE_OPERATION));

        assertThat(List.of(ids().size() + " rows", "cursor " + cursor()))
                .isIn(
                        List.of("2 rows", "cursor 2024-01-01T00:00:00Z"),
                        List.of("4 rows", "cursor 2024-01-01T00:02:00Z"));
    }

    @Test
    void aCommitWhoseAnswerWasLostIsNotRepeatedWrongly() throws Exception {
        sync(api(Feed.users(6)), new Crash(2, 1, Moment.AFTER_COMMIT));
        assertThat(ids()).hasSize(4);

        assertThat(sync(api(Feed.users(6)))).isEqualTo("complete");
        assertThat(ids()).hasSize(6);
        assertThat(run()).containsEntry("UPSERTED", 2L).containsEntry("UNCHANGED", 2L);
    }

    // Rule 2

    @Test
    void cursorsAreComparedAsInstantsAndKeptAsWritten() throws Exception {
        sync(api(user("a", "2024-01-01T10:00:00+05:00"), user("b", "2024-01-01T06:00:00.250-00:30")));

        assertThat(cursor()).isEqualTo("2024-01-01T06:00:00.250-00:30");
    }

    @ParameterizedTest
    @MethodSource
    void lookbackIsSentInTheCursorsOwnNotation(Object cursor, String sent) throws Exception {
        with("lookback", "PT1M30.5S");
        FeedRecord record = cursor instanceof Long epoch ? FeedRecord.of("a", epoch) : FeedRecord.of("a", cursor + "");
        sync(api(record));
        sync(api(record));

        assertThat(sent("updated_since")).containsExactly(sent);
    }

    static Stream<Arguments> lookbackIsSentInTheCursorsOwnNotation() {
        return Stream.of(
                Arguments.of("2024-01-01T00:00:00Z", "2023-12-31T23:58:29Z"),
                Arguments.of("2024-01-01T00:00:00.000Z", "2023-12-31T23:58:29.500Z"),
                Arguments.of("2024-01-01T01:00:00+01:00", "2024-01-01T00:58:29+01:00"),
                Arguments.of("2024-01-01T00:00:00", "2023-12-31T23:58:29"),
                Arguments.of(1_704_067_200L, "1704067109"),
                Arguments.of(1_704_067_200_000L, "1704067109500"));
    }

    // Rules 3 and 4

    @Test
    void midScrollTheCursorStaysBeforeTheLastDistinctValue() throws Exception {
        sync(api(user("a", ONE), user("b", TWO), user("c", THREE), user("d", THREE), user("e", FOUR))
                .onRequest(2, DOWN));

        assertThat(cursor()).isEqualTo(ONE);
    }

    @Test
    void theScrollsEndMovesTheCursorToTheGreatestValue() throws Exception {
        sync(api(user("a", ONE), user("b", TWO), user("c", TWO)));

        assertThat(cursor()).isEqualTo(TWO);
    }

    @Test
    void aValueThatGoesBackBehindTheStoredCursorTakesItBackToWhereTheRunBegan() throws Exception {
        Scenario unordered = ScenarioApi.of(Feed.of())
                .always(page("1", "a@" + TWO, "b@" + THREE))
                .when(request -> follows(request, "1"), page("2", "c@" + FOUR, "d@" + FIVE))
                .when(request -> follows(request, "2"), page("3", "e@" + ONE));
        sync(unordered.onRequest(3, DOWN));
        assertThat(cursor()).isEqualTo(FOUR);

        begin();
        sync(unordered.onRequest(4, DOWN));
        assertThat(cursor()).isNull();
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aFallingFeedHoldsTheCursorUntilItsEnd() throws Exception {
        sync(api(Feed.users(6)).descending().onRequest(3, DOWN));
        assertThat(cursor()).isNull();

        sync(api(Feed.users(6)).descending());
        assertThat(cursor()).isEqualTo("2024-01-01T00:05:00Z");
    }

    @ParameterizedTest
    @EnumSource(NextPage.class)
    void everyKindOfPagingMovesTheCursorByTheSameRules(NextPage next) throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("c", THREE), user("d", THREE), user("e", FOUR));
        Scenario api = pagedBy(next, api(feed));
        sync(api.onRequest(3, DOWN));
        assertThat(cursor()).isEqualTo(TWO);

        assertThat(sync(api)).as(error()).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e");
        assertThat(cursor()).isEqualTo(FOUR);
    }

    @ParameterizedTest
    @EnumSource(NextPage.class)
    void inAFallingFeedEveryKindOfPagingHoldsTheCursorUntilItsEnd(NextPage next) throws Exception {
        with("reanchor", "true");
        Scenario api = pagedBy(next, api(Feed.users(6))).descending();
        sync(api.onRequest(3, DOWN));
        assertThat(cursor()).isNull();

        assertThat(sync(api)).as(error()).isEqualTo("complete");
        assertThat(ids()).hasSize(6);
        assertThat(cursor()).isEqualTo("2024-01-01T00:05:00Z");
    }

    // Rule 5

    @Test
    void aRecordFromTheFutureIsSavedAndDoesNotMoveTheCursor() throws Exception {
        sync(api(user("a", ONE), user("b", "2999-01-01T00:00:00Z")));

        assertThat(ids()).containsExactly("a", "b");
        assertThat(cursor()).isEqualTo(ONE);
    }

    // Rule 6

    @Test
    void ofOneKeyInAPageTheLaterCursorWinsThenTheLaterInThePage() throws Exception {
        sync(api(
                        user("a", TWO).with("name", "later"),
                        user("a", ONE).with("name", "earlier"),
                        user("b", ONE).with("name", "first"),
                        user("b", ONE).with("name", "second"))
                .pageSize(4)
                .descending());

        assertThat(rows()).isEqualTo(Map.of("a", "later", "b", "second"));
    }

    @Test
    void anOlderVersionInALaterPageReplacesNothing() throws Exception {
        sync(api(user("a", TWO).with("name", "later"), user("a", ONE).with("name", "earlier"))
                .pageSize(1)
                .descending());

        assertThat(rows()).isEqualTo(Map.of("a", "later"));
    }

    // Rule 7

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void aCycleOfTokensFailsTheRun(int length) throws Exception {
        assertThat(sync(api(Feed.users(6)).tokenCycle(length))).isEqualTo("failed");

        assertThat(error()).contains("second time");
        assertThat(requests()).hasSize(length + 2);
    }

    @Test
    void tokensMayComeAgainAfterReanchoringSinceEachStandsForAnotherCursor() throws Exception {
        with("reanchor", "true");
        Scenario offsets = ScenarioApi.of(Feed.of())
                .always(page("page-2", "a@" + ONE, "b@" + TWO))
                .when(request -> TWO.equals(request.parameter("updated_since")), page("page-2", "b@" + TWO, "c@" + TWO))
                .onRequest(3, page("page-3", "d@" + TWO, "e@" + THREE))
                .when(request -> THREE.equals(request.parameter("updated_since")), page("page-2", "e@" + THREE))
                .onRequest(5, page("", "f@" + FOUR));

        assertThat(sync(offsets)).as("%s", error()).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGE", "OFFSET"})
    void anApiThatIgnoresScrollParamFailsInTheSecondRequest(NextPage next) throws Exception {
        Scenario deaf = pagedBy(next, ScenarioApi.of(Feed.of())).always(page("", "a@" + ONE, "b@" + TWO));

        assertThat(sync(deaf)).isEqualTo("failed");
        assertThat(error()).contains("it ignores scrollParam");
        assertThat(requests()).hasSize(2);
    }

    @Test
    void aTokenMayStayTheSameAsLongAsThePagesDiffer() throws Exception {
        Scenario oneToken = ScenarioApi.of(Feed.of())
                .onRequest(1, page("same", "a@" + ONE))
                .onRequest(2, page("same", "b@" + TWO))
                .onRequest(3, page("same", "c@" + THREE))
                .onRequest(4, page("", "d@" + FOUR));

        assertThat(sync(oneToken)).as(error()).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void aLastPageMayLinkToItselfIfAFlagEndsTheList() throws Exception {
        with("paging", "link");
        with("scrollField", "next");
        with("moreField", "has_more");
        Scenario api = ScenarioApi.of(Feed.of())
                .onRequest(1, linking("a@" + ONE, "?page=2", true))
                .onRequest(2, linking("b@" + TWO, "?page=2", false));

        assertThat(sync(api)).as(error()).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b");

        begin();
        with("paging", "link");
        with("scrollField", "next");
        assertThat(sync(api.fromRequest(3, linking("b@" + TWO, "?page=2", false))))
                .isEqualTo("failed");
        assertThat(error()).contains("its last link leads to itself");
    }

    private static Fault linking(String record, String link, boolean more) {
        String[] parts = record.split("@", 2);
        return Fault.json(
                200,
                "{\"data\":[{\"id\":\"%s\",\"updatedAt\":\"%s\"}],\"next\":\"%s\",\"has_more\":%s}"
                        .formatted(parts[0], parts[1], link, more));
    }

    @Test
    void asManyEmptyPagesInARowAsAllowedFailTheRun() throws Exception {
        with("maxEmptyPages", "3");
        assertThat(sync(api(Feed.users(6)).emptyPages(1, 2))).isEqualTo("complete");

        begin();
        with("maxEmptyPages", "3");
        assertThat(sync(api(Feed.users(6)).emptyPages(1, 3))).isEqualTo("failed");
        assertThat(error()).contains("3 empty pages in a row");
    }

    // Rule 8

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410, 422})
    void aRefusedTokenStartsOverFromTheStoredCursor(int status) throws Exception {
        assertThat(sync(api(Feed.users(8)).tokensExpireAfter(2, status))).isEqualTo("complete");

        assertThat(ids()).hasSize(8);
        assertThat(sent("updated_since")).startsWith("1970-01-01T00:00:00Z", "-", "-", "2024-01-01T00:02:00Z");
    }

    @Test
    void aSecondRefusalWithoutProgressFailsTheRun() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", ONE), user("c", ONE), user("d", ONE), user("e", ONE));

        assertThat(sync(api(feed).tokensExpireAfter(2, 410))).isEqualTo("failed");
        assertThat(requests()).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGE", "OFFSET", "LAST_RECORD"})
    void aRefusedNumberOrValueStartsOverFromTheStoredCursor(NextPage next) throws Exception {
        Scenario api = pagedBy(next, api(Feed.users(8)));
        assertThat(sync(api.onRequest(3, Fault.status(422)))).isEqualTo("complete");

        assertThat(ids()).hasSize(8);
        assertThat(sent("updated_since")).element(3).isEqualTo("2024-01-01T00:02:00Z");

        begin();
        pagedBy(next, api);
        assertThat(sync(api.onRequest(3, Fault.status(404)).onRequest(5, Fault.status(404))))
                .isEqualTo("failed");
        assertThat(error()).contains("the cursor has not moved");
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGE", "OFFSET"})
    void aRefusedNumberMayMeanTheEnd(NextPage next) throws Exception {
        with("onPageRefused", "end");
        assertThat(sync(pagedBy(next, api(Feed.users(4))).refusesPastEnd(404)))
                .as(error())
                .isEqualTo("complete");

        assertThat(ids()).hasSize(4);
        assertThat(cursor()).isEqualTo("2024-01-01T00:03:00Z");
        assertThat(requests()).hasSize(3);
    }

    // Rule 9

    static Stream<Fault> whatCannotBeUnderstood() {
        return Stream.of(
                Fault.html(),
                Fault.notJson(),
                Fault.emptyBody(),
                Fault.errorBodyUnder200(),
                Fault.truncatedBody(),
                Fault.truncatedJson(),
                Fault.missingRecords(),
                Fault.brokenGzip(),
                Fault.json(200, "null"),
                Fault.json(200, "[]"),
                Fault.json(200, "{\"data\":{}}"),
                Fault.json(200, "{\"data\":[],\"scroll_param\":{}}"),
                Fault.json(200, "{\"data\":[]} {}"));
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeUnderstood")
    void whatCannotBeUnderstoodIsAskedForAgain(Fault fault) throws Exception {
        assertThat(sync(api(Feed.users(6)).onRequest(2, fault))).isEqualTo("complete");

        assertThat(ids()).hasSize(6);
        assertThat(requests()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeUnderstood")
    void whatCannotBeUnderstoodAtEveryAttemptFailsTheRun(Fault fault) throws Exception {
        assertThat(sync(api(Feed.users(6)).fromRequest(2, fault))).isEqualTo("failed");

        assertThat(ids()).hasSize(2);
        assertThat(cursor()).isEqualTo("2024-01-01T00:00:00Z");
        assertThat(error()).contains("3 attempts");
    }

    // Rule 10 is proved with two processes, elsewhere

    // Rule 11

    @Test
    void aKilledRunIsFoundDeadByTheNextOne() throws Exception {
        assertThat(sync(api(Feed.users(6)), new Crash(2, 1, Moment.BEFORE_COMMIT)))
                .isEqualTo("running");
        assertThat(sync(api(Feed.users(6)))).isEqualTo("complete");

        assertThat(ids()).hasSize(6);
        assertThat(statuses()).containsExactly("interrupted", "complete");
    }

    // Rule 12

    /** Two windows; the first ends at 2023-12-31T23:59:59.700Z, which is sent without its fraction. */
    private Scenario inWindows(FeedRecord... records) {
        with("query", "until={until}");
        with("initialCursor", "2013-12-31T23:59:59.700Z");
        with("step", "P10Y");
        return api(records);
    }

    private static final String FIRST_WINDOW = "2023-12-31T23:59:58Z";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFractionOnTheBorderOfTwoWindowsIsNotLost(boolean isExclusive) throws Exception {
        Scenario api = inWindows(
                user("a", "2020-01-01T00:00:00Z"), user("border", "2023-12-31T23:59:59.412Z"), user("b", ONE));
        assertThat(sync(isExclusive ? api.untilExclusive() : api)).isEqualTo("complete");

        assertThat(ids()).containsExactly("a", "b", "border");
        assertThat(cursor()).isEqualTo(ONE);
        assertThat(sent("until")).startsWith("2023-12-31T23:59:59Z");
        assertThat(sent("updated_since")).startsWith("2013-12-31T23:59:59.700Z", FIRST_WINDOW);
    }

    @Test
    void aWindowsEndMovesTheCursorSoThatACrashRepeatsOneWindow() throws Exception {
        Scenario api = inWindows(user("a", "2020-01-01T00:00:00Z"), user("b", ONE));
        sync(api, new Crash(1, 1, Moment.AFTER_COMMIT));
        assertThat(cursor()).isEqualTo(FIRST_WINDOW);

        assertThat(sync(api)).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b");
        assertThat(sent("updated_since")).startsWith(FIRST_WINDOW);
    }

    @Test
    void emptyPagesAreCountedInEachWindowAlone() throws Exception {
        with("maxEmptyPages", "2");
        Scenario api = inWindows(user("a", "2020-01-01T00:00:00Z"), user("b", ONE))
                .emptyPages(0, 1)
                .emptyPages(1, 2);

        assertThat(sync(api)).as(error()).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b");
    }

    @Test
    void noCursorGoesBehindTheBeginningOfItsWindow() throws Exception {
        Scenario api = inWindows(user("a", "2020-01-01T00:00:00Z"), user("b", ONE), user("c", TWO), user("d", THREE))
                .descending();
        sync(api.onRequest(3, DOWN));
        assertThat(cursor()).isEqualTo(FIRST_WINDOW);

        assertThat(sync(api)).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b", "c", "d");
    }

    // Parameters

    @Test
    void fieldsMayBeDeepInTheResponse() throws Exception {
        with("recordsField", "result.items");
        with("scrollField", "paging.cursors.next");
        with("cursorField", "meta.changed");
        with("cursorParam", "since");
        with("scrollParam", "page");
        withCursorsOfAnyKind();
        sync(api(Feed.users(6))
                .repeatsFilter()
                .recordsField("result.items")
                .scrollField("paging.cursors.next")
                .cursorField("meta.changed")
                .cursorParam("since")
                .scrollParam("page"));

        assertThat(ids()).hasSize(6);
        assertThat(cursor()).isEqualTo("2024-01-01T00:05:00Z");
    }

    @Test
    void theResponseMayBeABareArray() throws Exception {
        with("recordsField", "");
        assertThat(sync(ScenarioApi.of(Feed.users(6)).bareArray())).isEqualTo("complete");

        assertThat(ids()).hasSize(6);
        assertThat(cursor()).isEqualTo("2024-01-01T00:05:00Z");
    }

    private static Scenario withSomeWithoutCursor() {
        return api(user("a", ONE), withNullCursor("b"), withoutCursor("c"), FeedRecord.of("d", "soon"), user("e", TWO));
    }

    @Test
    void recordsWithoutACursorAreSetAside() throws Exception {
        assertThat(sync(withSomeWithoutCursor())).isEqualTo("complete");

        assertThat(ids()).containsExactly("a", "e");
        assertThat(quarantine())
                .containsExactlyInAnyOrder(
                        "field updatedAt: the cursor is null",
                        "field updatedAt: the cursor is missing",
                        "field updatedAt: the cursor is no time: \"soon\"");
        assertThat(run()).containsEntry("QUARANTINED", 3L).containsEntry("RECORDS", 5L);
    }

    @Test
    void recordsWithoutACursorCanBeSaved() throws Exception {
        withCursorsOfAnyKind();
        with("onMissingCursor", "save");
        assertThat(sync(withSomeWithoutCursor())).isEqualTo("complete");

        assertThat(ids()).containsExactly("a", "b", "c", "d", "e");
        assertThat(cursor()).isEqualTo(TWO);
    }

    @Test
    void recordsWithoutACursorCanFailTheRun() throws Exception {
        with("onMissingCursor", "fail");
        assertThat(sync(withSomeWithoutCursor())).isEqualTo("failed");

        assertThat(error()).contains("updatedAt").contains("onMissingCursor");
        assertThat(ids()).isEmpty();
    }

    @Test
    void missingRecordsCanMeanNone() throws Exception {
        with("onMissingRecords", "empty");
        assertThat(sync(api(Feed.of()).emptyRecords(Absent.MISSING))).isEqualTo("complete");
    }

    @Test
    void anEmptyInitialCursorIsNotSent() throws Exception {
        with("initialCursor", "");
        sync(api(Feed.users(3)));
        assertThat(requests().get(0).parameters()).isEmpty();

        sync(api(Feed.users(3)));
        assertThat(sent("updated_since")).containsExactly("2024-01-01T00:02:00Z");
    }

    @Test
    void reanchorReachesTheTiesThatALossyTokenSkips() throws Exception {
        with("reanchor", "true");
        sync(api(user("a", ONE), user("b", TWO), user("c", THREE), user("d", THREE), user("e", FOUR))
                .pageSize(3)
                .tokens(TokenKind.TIMESTAMP_LOSSY));

        assertThat(ids()).containsExactly("a", "b", "c", "d", "e");
        assertThat(sent("updated_since")).startsWith("1970-01-01T00:00:00Z", TWO);
    }

    /** The list since TWO begins like every list of this API, with a page and a gap; the gap is not its end. */
    @Test
    void aGapInAListSinceAnAnchorIsFollowed() throws Exception {
        with("reanchor", "true");
        Scenario api = api(
                        user("a", ONE),
                        user("b", TWO),
                        user("c", TWO),
                        user("d", TWO),
                        user("e", TWO),
                        user("f", THREE))
                .emptyPages(1, 1);

        assertThat(sync(api)).as(error()).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(sent("scroll_param")).containsExactly("-", "-", "token-2", "token-3", "token-4");
    }

    @Test
    void reanchorFollowsTheTokenInAFallingFeed() throws Exception {
        with("reanchor", "true");
        sync(api(Feed.users(6)).descending());

        assertThat(ids()).hasSize(6);
        assertThat(sent("updated_since")).containsExactly("1970-01-01T00:00:00Z", "-", "-");
    }
}
