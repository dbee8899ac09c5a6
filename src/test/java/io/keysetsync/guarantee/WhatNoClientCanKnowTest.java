package io.keysetsync.guarantee;

import static io.keysetsync.scenario.FeedRecord.user;
import static io.keysetsync.scenario.FeedRecord.withoutCursor;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.scenario.TokenKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An example for each case in which what the API says is not enough; and the way out, if there is one. */
class WhatNoClientCanKnowTest extends SyncExample {

    private static final String ONE = "2024-01-01T00:00:01Z";
    private static final String TWO = "2024-01-01T00:00:02Z";
    private static final String THREE = "2024-01-01T00:00:03Z";
    private static final String FOUR = "2024-01-01T00:00:04Z";

    private static Scenario api(Feed feed) {
        return ScenarioApi.of(feed).pageSize(2);
    }

    @Test
    void aStrictFilterLosesLateTiesWithoutLookback() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO));
        sync(api(feed).strict());
        feed.add(user("late", TWO));

        assertThat(sync(api(feed).strict())).isEqualTo("complete");
        assertThat(ids()).doesNotContain("late");

        with("lookback", "PT1S");
        sync(api(feed).strict());
        assertThat(ids()).contains("late");
    }

    @Test
    void aRecordBehindTheCursorIsLostWithoutLookback() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", FOUR));
        sync(api(feed));
        feed.add(user("late", TWO));

        sync(api(feed));
        assertThat(ids()).doesNotContain("late");
    }

    @Test
    void aTieThatComesDuringALiveScrollIsLostWhenTheScrollGoesOnPastIt() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("c", THREE), user("d", THREE), user("e", FOUR));

        sync(api(feed)
                .tokens(TokenKind.KEYSET)
                .onRequest(3, live -> live.put(user("a", THREE).with("name", "changed"))));
        sync(api(feed));

        assertThat(rows()).containsEntry("a", "User a").containsKey("e");
    }

    @Test
    void aLossyTokenSkipsTheRestOfATie() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("skipped", TWO), user("c", THREE));
        sync(api(feed).tokens(TokenKind.TIMESTAMP_LOSSY));

        assertThat(ids()).containsExactly("a", "b", "c");
    }

    @Test
    void aLossyTokenSkipsTheRestOfATieWiderThanAPageAlsoUnderReanchor() throws Exception {
        with("reanchor", "true");
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("skipped", TWO), user("c", TWO), user("d", THREE));

        assertThat(sync(api(feed).tokens(TokenKind.TIMESTAMP_LOSSY))).isEqualTo("complete");
        assertThat(ids()).containsExactly("a", "b", "d");
    }

    @Test
    void aLiveOffsetSkipsWhatMovesUpWhenARecordMovesAway() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("skipped", THREE), user("c", FOUR));

        sync(api(feed).tokens(TokenKind.OFFSET_LIVE).onRequest(2, live -> live.put(user("a", "2024-01-01T00:00:05Z"))));
        sync(api(feed));

        assertThat(ids()).containsExactly("a", "b", "c");
    }

    /** The new records come before the one that is dated in the future, which has been served. */
    @Test
    void aLiveOffsetSkipsWhatComesInBeforeIt() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("future", "2999-01-01T00:00:00Z"));
        sync(api(feed).tokens(TokenKind.OFFSET_LIVE).emptyPages(1, 1).onRequest(2, live -> {
            live.put(user("skipped", TWO));
            live.put(user("b", THREE));
        }));
        sync(api(feed));

        assertThat(cursor()).isEqualTo(THREE);
        assertThat(ids()).containsExactly("a", "b", "future");
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGE", "OFFSET"})
    void numberedPagesSkipWhatMovesUpWhenARecordMovesAway(NextPage next) throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("skipped", THREE), user("c", FOUR));
        Scenario api = pagedBy(next, api(feed));
        sync(api.onRequest(2, live -> live.put(user("a", "2024-01-01T00:00:05Z"))));
        sync(api);
        assertThat(ids()).containsExactly("a", "b", "c");

        begin();
        Feed other = Feed.of(user("a", ONE), user("b", TWO), user("kept", THREE), user("c", FOUR));
        with("reanchor", "true");
        sync(pagedBy(next, api(other)).pageSize(3).onRequest(2, live -> live.put(user("a", "2024-01-01T00:00:05Z"))));
        assertThat(ids()).containsExactly("a", "b", "c", "kept");
    }

    @ParameterizedTest
    @EnumSource(names = {"PAGE", "OFFSET"})
    void aListThatGrowsByAPageAtItsFrontLooksLikeOneThatIgnoresNumbers(NextPage next) throws Exception {
        Feed feed = Feed.users(4);
        Scenario falling = pagedBy(next, api(feed)).descending();
        Scenario growing = falling.onRequest(2, live -> {
            live.add(user("5", "2024-01-02T00:00:00Z"));
            live.add(user("6", "2024-01-02T00:00:01Z"));
        });

        assertThat(sync(growing)).isEqualTo("failed");
        assertThat(sync(falling)).isEqualTo("complete");
        assertThat(ids()).hasSize(6);
    }

    @Test
    void aLastRecordThatMovesTakesTheNextPageWithIt() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO), user("skipped", THREE), user("c", FOUR));
        Scenario api = pagedBy(NextPage.LAST_RECORD, api(feed));
        sync(api.onRequest(2, live -> live.put(user("b", "2024-01-01T00:00:05Z")))
                .onRequest(2, live -> live.put(user("d", "2024-01-01T00:00:06Z"))));
        sync(api);
        assertThat(ids()).containsExactly("a", "b", "d");
    }

    @Test
    void aLastRecordWhoseKeyComesTwiceLeadsPastWhatIsBetween() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("twice", TWO), user("skipped", THREE), user("twice", FOUR));
        sync(pagedBy(NextPage.LAST_RECORD, api(feed)));

        assertThat(ids()).containsExactly("a", "twice");
    }

    /** A value that changes with its record, such as a version: nothing is lost, but a run is not finished. */
    @Test
    void aLastRecordThatIsGoneTwiceFailsTheRun() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", ONE), user("c", ONE), user("d", TWO));
        Scenario api = pagedBy(NextPage.LAST_RECORD, api(feed));

        assertThat(sync(api.onRequest(2, live -> live.remove("b")).onRequest(4, live -> live.remove("c"))))
                .isEqualTo("failed");
        assertThat(sync(api)).isEqualTo("complete");
        assertThat(ids()).contains("a", "d");
    }

    @Test
    void aRecordInAWindowThatHasBeenAskedForIsLostWithoutLookback() throws Exception {
        with("query", "until={until}");
        with("initialCursor", "2014-01-01T00:00:00Z");
        with("step", "P10Y");
        Feed feed = Feed.of(user("a", ONE));
        sync(api(feed).onRequest(2, live -> live.add(user("late", "2020-01-01T00:00:00Z"))));
        sync(api(feed));

        assertThat(ids()).containsExactly("a");
    }

    @Test
    void anUnorderedFeedThatOnlyLookedAscendingLosesWhatACrashKeptFromComing() throws Exception {
        Scenario unordered = unordered();
        sync(unordered.fromRequest(3, Fault.status(401)));
        assertThat(cursor()).isEqualTo(THREE);

        assertThat(sync(unordered)).isEqualTo("complete");
        assertThat(ids()).doesNotContain("skipped");
    }

    @Test
    void anUnorderedFeedThatOnlyLookedAscendingIsCompleteWithoutACrash() throws Exception {
        sync(unordered());

        assertThat(ids()).contains("skipped");
    }

    /** A feed whose two first pages ascend, and whose third does not. */
    private static Scenario unordered() {
        return ScenarioApi.of(Feed.of())
                .always(page("1", "a@" + ONE, "b@" + TWO))
                .when(request -> "1".equals(request.parameter("scroll_param")), page("2", "c@" + THREE, "d@" + FOUR))
                .when(request -> "2".equals(request.parameter("scroll_param")), page("", "skipped@" + ONE))
                .when(request -> THREE.equals(request.parameter("updated_since")), page("", "c@" + THREE, "d@" + FOUR));
    }

    @Test
    void aFallingScrollWhoseTokensExpireBeforeItsEndNeverCompletes() throws Exception {
        Scenario expiring = api(Feed.users(9)).descending().tokensExpireAfter(2, 410);

        assertThat(sync(expiring)).isEqualTo("failed");
        assertThat(sync(expiring)).isEqualTo("failed");
        assertThat(cursor()).isNull();
    }

    @Test
    void aTieWiderThanWhatAScrollServesBeforeItsTokensExpireIsNeverPassed() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", ONE), user("c", ONE), user("d", ONE), user("e", TWO));

        assertThat(sync(api(feed).tokensExpireAfter(2, 404))).isEqualTo("failed");
        assertThat(ids()).doesNotContain("e");
    }

    @Test
    void aRecordWithoutACursorIsNotSeenWhereTheFilterHidesIt() throws Exception {
        withCursorsOfAnyKind();
        with("onMissingCursor", "save");
        Feed feed = Feed.of(user("a", ONE), withoutCursor("hidden"));
        sync(api(feed).hidingUnreadable());
        assertThat(ids()).containsExactly("a");

        begin();
        withCursorsOfAnyKind();
        with("onMissingCursor", "save");
        with("initialCursor", "");
        sync(api(feed).hidingUnreadable());
        assertThat(ids()).containsExactly("a", "hidden");
    }

    @Test
    void aChangeWithoutANewCursorIsNotSeen() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO));
        sync(api(feed));
        feed.put(user("a", ONE).with("name", "changed"));
        sync(api(feed));

        assertThat(rows()).containsEntry("a", "User a");
    }

    @Test
    void aChangeToAnEarlierCursorIsTakenForAnOlderVersion() throws Exception {
        Feed feed = Feed.of(user("a", THREE));
        sync(api(feed));
        feed.put(user("a", TWO).with("name", "changed"));
        with("lookback", "PT1H");
        sync(api(feed));

        assertThat(rows()).containsEntry("a", "User a");
    }

    @Test
    void aDeletedRecordStays() throws Exception {
        Feed feed = Feed.of(user("a", ONE), user("b", TWO));
        sync(api(feed));
        feed.remove("a");
        sync(api(feed));

        assertThat(ids()).containsExactly("a", "b");
    }

    @Test
    void ofTwoVersionsWithoutACursorTheOneServedLastWins() throws Exception {
        withCursorsOfAnyKind();
        with("onMissingCursor", "save");
        Feed feed = Feed.of(
                user("a", ONE),
                withoutCursor("x").with("name", "old"),
                user("b", TWO),
                withoutCursor("x").with("name", "new"));
        sync(api(feed).descending());

        assertThat(rows()).containsEntry("x", "old");
    }

    @Test
    void nullWhereThereAreRecordsIsTakenForNoRecords() throws Exception {
        sync(api(Feed.users(6)).onRequest(2, Fault.nullRecords()));

        assertThat(run()).containsEntry("STATUS", "complete");
        assertThat(ids()).containsExactly("1", "2", "5", "6");
    }

    @Test
    void aFallingScrollThatEndsEarlyWithoutSayingSoLosesItsRest() throws Exception {
        Scenario api = api(Feed.users(6)).descending();
        sync(api.onRequest(1, page("", "6@2024-01-01T00:05:00Z")));
        sync(api);

        assertThat(ids()).containsExactly("6");
    }

    /** Not the API's fault: the table keeps microseconds, so that a nanosecond can't tell two versions apart. */
    @Test
    void versionsWithinOneMicrosecondAreNotTold() throws Exception {
        withCursorsOfAnyKind();
        Feed feed = Feed.of(
                user("a", "2024-01-01T00:00:01.000000001Z").with("name", "old"),
                user("a", "2024-01-01T00:00:01.000000002Z").with("name", "new"));
        sync(api(feed).pageSize(1).descending());

        assertThat(rows()).containsEntry("a", "old");
    }
}
