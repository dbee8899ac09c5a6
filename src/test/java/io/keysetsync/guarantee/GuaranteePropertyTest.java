package io.keysetsync.guarantee;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Nothing that a client can know of is lost, for any feed, any behaviour of the API and any moment of a crash.
 *
 * <p>The build always plays the same cases, so that it fails because of a change and never by chance. New ones are
 * looked for with {@code mvn test -Dtest=GuaranteePropertyTest -Dexcluded.tests= -Dgroups=exploration}; what fails is
 * printed with its seed, and with the setup's.
 */
class GuaranteePropertyTest {

    /** {@code -Dsetups.seed=…} repeats the setups of an earlier exploration. */
    private static final long OTHERS = Long.getLong("setups.seed", System.nanoTime());

    private static final int SETUPS = Integer.getInteger("setups", 120);

    private static ScenarioApi api;
    private static Streams streams;
    private static @Nullable Streams onPostgreSql;

    @BeforeContainer
    static void start() throws Exception {
        api = ScenarioApi.of(Feed.of()).start();
        streams = new Streams(api, TestDatabase.h2());
    }

    @AfterContainer
    static void stop() throws Exception {
        streams.close();
        if (onPostgreSql != null) {
            onPostgreSql.close();
        }
        api.close();
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE, seed = "2026")
    void theTableBecomesTheTruth(@ForAll("cases") Case world) throws Exception {
        holds(world, streams);
    }

    @Property(tries = 120, edgeCases = EdgeCasesMode.NONE, seed = "2027")
    void theTableBecomesTheTruthOnPostgreSql(@ForAll("fewerSetups") Case world) throws Exception {
        if (onPostgreSql == null) {
            onPostgreSql = new Streams(api, TestDatabase.postgreSql());
        }
        holds(world, onPostgreSql);
    }

    @Property(tries = 50_000, edgeCases = EdgeCasesMode.NONE)
    @Tag("exploration")
    void theTableBecomesTheTruthInCasesNotSeenYet(@ForAll("otherCases") Case world) throws Exception {
        holds(world, streams);
    }

    private static void holds(Case world, Streams played) throws Exception {
        for (String end : Guarantee.holds(world, api, played)) {
            Statistics.label("how the disturbed runs ended").collect(end);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Cases.of(Setup.some(SETUPS, 2026));
    }

    @Provide
    Arbitrary<Case> fewerSetups() {
        return Cases.of(Setup.some(40, 2027));
    }

    @Provide
    Arbitrary<Case> otherCases() {
        return Cases.of(Setup.some(5 * SETUPS, OTHERS));
    }
}
