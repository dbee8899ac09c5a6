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

/**
 * Nothing that a client can know of is lost, for any feed, any behaviour of the API and any moment of a crash.
 *
 * <p>The build always plays the same cases, so that it fails because of a change and never by chance. New ones are
 * looked for with {@code mvn test -Dtest=GuaranteePropertyTest -Dexcluded.tests= -Dgroups=exploration}; what fails is
 * printed with its seed.
 */
class GuaranteePropertyTest {

    private static ScenarioApi api;
    private static Streams streams;

    @BeforeContainer
    static void start() throws Exception {
        api = ScenarioApi.of(Feed.of()).start();
        streams = new Streams(api, TestDatabase.h2());
    }

    @AfterContainer
    static void stop() throws Exception {
        streams.close();
        api.close();
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE, seed = "2026")
    void theTableBecomesTheTruth(@ForAll("cases") Case world) throws Exception {
        holds(world);
    }

    @Property(tries = 50_000, edgeCases = EdgeCasesMode.NONE)
    @Tag("exploration")
    void theTableBecomesTheTruthInCasesNotSeenYet(@ForAll("cases") Case world) throws Exception {
        holds(world);
    }

    private static void holds(Case world) throws Exception {
        for (String end : Guarantee.holds(world, api, streams)) {
            Statistics.label("how the disturbed runs ended").collect(end);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Cases.any();
    }
}
