package io.keysetsync.inspect.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A stream of the shipped Kamelets over the scenario API: 40 users, one a minute, in pages of five. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ProbeExample {

    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private Feed feed = Feed.users(40);
    private ScenarioApi api = ScenarioApi.of(feed).start();
    private int streams;

    @BeforeAll
    final void start() {
        context.getRegistry().bind("dataSource", database.dataSource());
        RunsByHand.in(context);
        context.start();
    }

    @BeforeEach
    final void begin() {
        api.close();
        feed = Feed.users(40);
        api = plain().start();
    }

    @AfterAll
    final void stop() {
        context.stop();
        api.close();
    }

    final Feed feed() {
        return feed;
    }

    final Scenario plain() {
        return ScenarioApi.of(feed).pageSize(5);
    }

    /** The requests of the last check. */
    final List<Request> requests() {
        return api.requests();
    }

    /**
     * Checks a stream, which asks ten times at most and creates nothing.
     *
     * @param parameters of the source, each as {@code name=value}
     */
    final ApiFindings check(Scenario scenario, String... parameters) {
        api.reset(scenario);
        String stream = "s" + ++streams;
        String source = Arrays.stream(parameters)
                .map(one -> one.split("=", 2))
                .map(one -> "&" + one[0] + "=RAW(" + one[1] + ")")
                .collect(Collectors.joining());
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:keyset-sync-source?stream=" + stream + "&url=" + api.url() + source)
                            .to("kamelet:jdbc-upsert-sink?stream=" + stream + "&schema=file:routes/user.schema.json");
                }
            });
            ApiFindings found = ApiFindings.of(context, stream);
            assertThat(requests()).hasSizeLessThanOrEqualTo(10);
            assertThat(database.jdbc()
                            .queryForList(
                                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"))
                    .isEmpty();
            return found;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> found(ApiFindings check, Level level) {
        return check.findings().stream()
                .filter(finding -> finding.level() == level)
                .map(Finding::what)
                .toList();
    }

    static List<String> problems(ApiFindings check) {
        return found(check, Level.PROBLEM);
    }
}
