package io.keysetsync.guarantee;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/**
 * Whatever the feed, the API's behaviour and the moment of a crash: nothing that a client can know of is lost. A failing
 * case is printed with its seed, and replays as {@code @Property(seed = "…")}.
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

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void theTableBecomesTheTruth(@ForAll("cases") Case world) throws Exception {
        for (String end : Guarantee.holds(world, api, streams)) {
            Statistics.label("how the disturbed runs ended").collect(end);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Cases.any();
    }
}
