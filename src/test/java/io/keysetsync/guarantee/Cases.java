package io.keysetsync.guarantee;

import io.keysetsync.guarantee.Case.Api;
import io.keysetsync.guarantee.Case.Change;
import io.keysetsync.guarantee.Case.Changed;
import io.keysetsync.guarantee.Case.Disturbed;
import io.keysetsync.guarantee.Case.Entry;
import io.keysetsync.guarantee.Case.Family;
import io.keysetsync.guarantee.Case.Faulty;
import io.keysetsync.guarantee.Case.Kind;
import io.keysetsync.guarantee.Case.Notation;
import io.keysetsync.guarantee.Case.Order;
import io.keysetsync.guarantee.Case.Passing;
import io.keysetsync.scenario.Absent;
import io.keysetsync.scenario.TokenKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Random cases. */
final class Cases {

    private static final int USUALLY = 8;

    private Cases() {}

    /** Cases of some setups; more setups take more time to make than more cases of each. */
    static Arbitrary<Case> of(List<Setup> setups) {
        return Arbitraries.of(setups).flatMap(setup -> Combinators.combine(
                        notations(setup),
                        feeds(setup),
                        apis(setup),
                        disturbed().list().ofMinSize(1).ofMaxSize(3))
                .as((notation, feed, api, disturbed) -> new Case(setup, notation, feed, api, disturbed)));
    }

    private static Arbitrary<Notation> notations(Setup setup) {
        if (setup.type() != Setup.Type.TIME) {
            return Arbitraries.just(new Notation(
                    setup.type() == Setup.Type.NUMBER ? Family.NUMBER : Family.TEXT, Duration.ofSeconds(1), 0));
        }
        Duration days = Duration.ofDays(50);
        return setup.hasWindows()
                ? Arbitraries.of(
                        new Notation(Family.ISO, days, 0),
                        new Notation(Family.ISO, days.plusMillis(412), 3),
                        new Notation(Family.ISO, days.minusMillis(588), 3),
                        new Notation(Family.EPOCH_SECONDS, days, 0),
                        new Notation(Family.EPOCH_MILLISECONDS, days.plusMillis(1), 0))
                : Arbitraries.of(
                        new Notation(Family.ISO, Duration.ofSeconds(1), 0),
                        new Notation(Family.ISO, Duration.ofMinutes(1), 0),
                        new Notation(Family.ISO, Duration.ofHours(7), 0),
                        new Notation(Family.ISO, Duration.ofMillis(1), 3),
                        new Notation(Family.ISO, Duration.ofMillis(412), 3),
                        new Notation(Family.ISO, Duration.ofNanos(1000), 6),
                        new Notation(Family.ISO, Duration.ofNanos(1), 9),
                        new Notation(Family.EPOCH_SECONDS, Duration.ofSeconds(1), 0),
                        new Notation(Family.EPOCH_MILLISECONDS, Duration.ofMillis(1), 0),
                        new Notation(Family.EPOCH_MILLISECONDS, Duration.ofSeconds(1), 0));
    }

    private static Arbitrary<List<Entry>> feeds(Setup setup) {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(12, Arbitraries.integers().between(0, 12)),
                Tuple.of(6, Arbitraries.integers().between(13, 40)),
                Tuple.of(1, Arbitraries.integers().between(41, 90)));
        Arbitrary<Integer> ticks = Arbitraries.of(3, 10, 100);
        return Combinators.combine(sizes, ticks, Arbitraries.of(true, false))
                .flatAs((size, latest, plain) ->
                        entries(setup, latest, plain).list().ofSize(size));
    }

    /** @param plain whether all records have a key and a cursor of their own */
    private static Arbitrary<Entry> entries(Setup setup, int latest, boolean plain) {
        boolean hasFuture = setup.type() == Setup.Type.TIME && !setup.hasWindows();
        Arbitrary<Integer> again = plain
                ? Arbitraries.just(Integer.MAX_VALUE)
                : Arbitraries.frequencyOf(
                        Tuple.of(USUALLY, Arbitraries.just(Integer.MAX_VALUE)),
                        Tuple.of(2, Arbitraries.integers().between(0, 20)));
        Arbitrary<Kind> kinds = plain
                ? Arbitraries.just(Kind.DATED)
                : Arbitraries.frequency(
                        Tuple.of(20, Kind.DATED),
                        Tuple.of(2, hasFuture ? Kind.FUTURE : Kind.DATED),
                        Tuple.of(1, Kind.NULL),
                        Tuple.of(1, Kind.MISSING),
                        Tuple.of(1, Kind.UNREADABLE));
        return Combinators.combine(again, uniform(0, latest), kinds, styles()).as(Entry::new);
    }

    private static Arbitrary<Integer> uniform(int least, int greatest) {
        return Arbitraries.integers().between(least, greatest).withDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Integer> styles() {
        return uniform(0, 79);
    }

    private static Arbitrary<Api> apis(Setup setup) {
        Arbitrary<Integer> lives = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, 6)));
        Arbitrary<Map<Integer, Integer>> empty = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(Map.of())),
                Tuple.of(
                        1,
                        Arbitraries.maps(
                                        Arbitraries.integers().between(0, 5),
                                        Arbitraries.integers().between(1, 3))
                                .ofMinSize(1)
                                .ofMaxSize(2)));
        Arbitrary<Scrolling> scrolling = Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(3, Order.ASCENDING),
                                Tuple.of(1, Order.DESCENDING),
                                Tuple.of(1, Order.SHUFFLED)),
                        Arbitraries.of(TokenKind.class),
                        Arbitraries.frequency(Tuple.of(USUALLY, false), Tuple.of(1, true)),
                        lives,
                        Arbitraries.of(400, 404, 410, 422),
                        empty)
                .as(Scrolling::new);
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.frequency(Tuple.of(USUALLY, false), Tuple.of(1, true)),
                        Arbitraries.integers().between(1, 7),
                        scrolling,
                        Arbitraries.of(Absent.EMPTY, Absent.NULL),
                        Arbitraries.of(true, false))
                .as((inclusive, hiding, pageSize, scroll, nothing, numeric) -> new Api(
                        inclusive,
                        hiding,
                        pageSize,
                        scroll.order,
                        setup.next().sees(scroll.possibleTokens()),
                        setup.next().hasTokens() && scroll.once,
                        setup.next().hasTokens() ? scroll.tokensLast : 0,
                        scroll.refusal,
                        setup.hasGaps() ? scroll.emptyPages : Map.of(),
                        nothing,
                        numeric));
    }

    private record Scrolling(
            Order order,
            TokenKind tokens,
            boolean once,
            int tokensLast,
            int refusal,
            Map<Integer, Integer> emptyPages) {

        /** Tokens that stand for a time need an order by time. */
        TokenKind possibleTokens() {
            boolean byTime = tokens == TokenKind.TIMESTAMP_LOSSY || tokens == TokenKind.KEYSET;
            return order == Order.SHUFFLED && byTime ? TokenKind.OPAQUE : tokens;
        }
    }

    private static Arbitrary<Disturbed> disturbed() {
        Arbitrary<Changed> changes = Combinators.combine(
                        Arbitraries.integers().between(0, 8), Arbitraries.of(Change.class), styles())
                .as(Changed::new);
        Arbitrary<Faulty> faults = Combinators.combine(
                        Arbitraries.integers().between(1, 12), Arbitraries.of(Passing.class))
                .as(Faulty::new);
        Arbitrary<Integer> outages = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(1, 9)));
        return Combinators.combine(
                        changes.list().ofMaxSize(3),
                        faults.list().ofMaxSize(2),
                        outages,
                        Arbitraries.of(0, 503, 401),
                        crashes())
                .as(Disturbed::new);
    }

    private static Arbitrary<@Nullable Crash> crashes() {
        Arbitrary<Crash> operations = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        uniform(1, 40),
                        Arbitraries.of(Crash.Moment.BEFORE_OPERATION, Crash.Moment.AFTER_OPERATION))
                .as(Crash::new);
        Arbitrary<Crash> commits = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        uniform(1, 3),
                        Arbitraries.of(Crash.Moment.BEFORE_COMMIT, Crash.Moment.AFTER_COMMIT))
                .as(Crash::new);
        return Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(null)), Tuple.of(2, operations), Tuple.of(2, commits));
    }
}
