package io.keysetsync.guarantee;

import io.keysetsync.guarantee.Case.Disturbed;
import io.keysetsync.guarantee.Case.Order;
import io.keysetsync.guarantee.Ledger.Version;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.TokenKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cases in which no client can be complete, because what the API says is not enough. Each is as narrow as can be:
 * {@link GuaranteePropertyTest} leaves out exactly these, and {@link WhatNoClientCanKnowTest} shows for each that it is
 * really so.
 */
final class WhatNoClientCanKnow {

    private WhatNoClientCanKnow() {}

    /** A record that came with a cursor which others had already: whoever had read those does not ask for it again. */
    static boolean cameLate(Version version) {
        return version.late();
    }

    /** A record without a cursor, where the API's filter leaves such records out. */
    static boolean isHiddenByTheFilter(Case world, Version version) {
        return world.api().hidingUnreadable() && version.instant() == null;
    }

    /**
     * A tie, where the API's tokens mean "later than the last row" and so skip the rest of it. Asking again from the
     * cursor before the tie ({@code reanchor}) helps if the feed ascends, two whole ties fit into a page, and the tie
     * isn't in the future.
     */
    static boolean isSkippedByALossyToken(Case world, Ledger ledger, Version version) {
        boolean helped = world.setup().reanchors()
                && world.api().order() == Order.ASCENDING
                && 2 * ledger.widestTie() <= world.api().pageSize()
                && ledger.place(version).isBefore(Case.FUTURE);
        return world.api().tokens() == TokenKind.TIMESTAMP_LOSSY && !helped && ledger.isTied(version);
    }

    /**
     * An order that doesn't ascend, while all that came looked as if it did: until a value goes back behind the cursor,
     * nothing says that there is more behind it. A run that ends, starts over or reanchors by then leaves that out. A
     * falling feed looks so where tokens count rows of the live data: new records push those that were served down, and
     * what takes their places is later.
     *
     * @param scrolls the cursors of the committed pages, in the order in which they came, one list for each scroll
     * @param restarts how often the run began again
     * @param complete whether the run went to the end
     * @param moved whether the run has moved the cursor
     */
    static boolean onlyLookedAscending(
            Case world, List<List<Instant>> scrolls, int restarts, boolean complete, boolean moved) {
        boolean cutOff = complete ? restarts > 0 && scrolls.stream().allMatch(WhatNoClientCanKnow::ascends) : moved;
        return cutOff
                && switch (world.api().order()) {
                    case ASCENDING -> false;
                    case DESCENDING ->
                        world.api().tokens() == TokenKind.OFFSET_LIVE
                                && scrolls.stream().anyMatch(WhatNoClientCanKnow::rises);
                    case SHUFFLED -> true;
                };
    }

    private static boolean rises(List<Instant> values) {
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i).isAfter(values.get(i - 1))) {
                return true;
            }
        }
        return false;
    }

    static boolean ascends(List<Instant> values) {
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i).isBefore(values.get(i - 1))) {
                return false;
            }
        }
        return true;
    }

    /**
     * A token that counts rows of the live data, while rows before its place are taken out: those behind it move up and
     * are skipped. (One that goes to the front of a descending feed leaves a gap that it fills itself, unless it leaves
     * the window that was asked for.) Or while a record comes in before its place, where records dated in the future were
     * served already: the new one is skipped.
     *
     * @param takenOut how many versions of a record were taken out
     */
    static boolean shiftsALiveOffset(Case world, Ledger ledger, int takenOut) {
        boolean shifts =
                switch (world.api().order()) {
                    case ASCENDING -> takenOut > 0 || ledger.future() > 0;
                    case DESCENDING -> takenOut > (world.setup().hasWindows() ? 0 : 1);
                    case SHUFFLED -> true;
                };
        return world.api().tokens() == TokenKind.OFFSET_LIVE && shifts;
    }

    /**
     * The last record of a page, by whose key the next one is asked for, moves away before that: what was between its
     * places is skipped.
     */
    static boolean movesTheLastRecord(Case world, Ledger ledger, String last, int takenOut) {
        return world.setup().next() == NextPage.LAST_RECORD
                && takenOut > 0
                && ledger.latest().id().equals(last);
    }

    /** A value by which the next page is asked for, and which several records have. */
    static boolean isNoKey(Case world, Ledger ledger, String last) {
        return world.setup().next() == NextPage.LAST_RECORD
                && ledger.current().getOrDefault(last, List.of()).size() > 1;
    }

    /** A page by number or offset that equals the one before it, because as many records came in before its place. */
    static boolean mayRepeatAPage(Case world, Disturbed run) {
        return (world.setup().next() == NextPage.PAGE || world.setup().next() == NextPage.OFFSET)
                && !run.changes().isEmpty();
    }

    /** The last record of a page is gone when the next page is asked for by it, again and again. */
    static boolean mayForgetTheLastRecord(Case world, Disturbed run) {
        return world.setup().next() == NextPage.LAST_RECORD && !run.changes().isEmpty();
    }

    /**
     * Tokens that expire before a scroll has come far enough to move the cursor: each new scroll ends at the same place.
     * Where the feed doesn't ascend, that is every scroll that isn't through.
     */
    static boolean tokensMayExpireTooSoon(Case world, Ledger ledger) {
        int answers = world.api().tokensLast();
        int empty = world.api().emptyPages().values().stream().mapToInt(i -> i).sum()
                + (world.setup().endsByAnEmptyPage() ? 1 : 0);
        int needed = 2 * ledger.widestTie() + ledger.future() + ledger.undated() + 1;
        boolean progresses = world.api().order() == Order.ASCENDING
                && world.setup().lookback().isZero()
                && (answers - empty) * world.api().pageSize() >= needed;
        return answers > 0 && !progresses;
    }

    /**
     * Which of two versions of one key is the later, if their cursors differ by less than the microsecond that the table
     * keeps.
     */
    static boolean isSameMicrosecond(@Nullable Instant one, @Nullable Instant other) {
        return one != null && other != null && micros(one).equals(micros(other)) && !one.equals(other);
    }

    static Instant micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }
}
