package io.keysetsync.apis;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.probe.ApiFindings;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The table of further APIs in docs/apis.md: each line is a stream that starts, and some are synced. */
class FurtherApisTest {

    private static final String SCHEMA =
            """
            {"table": "%s", "primary_key": ["id"], "columns": {"id": "STRING"}}""";

    /** The APIs that are played: those whose parameters the examples have least of. */
    private static final List<Supplier<FurtherApi>> APIS = List.of(
            Postmark::new,
            Braze::new,
            SearchConsole::new,
            MetaAds::new,
            Auth0Logs::new,
            IntercomCompanies::new,
            ConfluencePages::new,
            BambooHr::new,
            Okta::new,
            Copper::new);

    @TempDir
    private Path folder;

    @Test
    void eachLineIsAStreamThatStarts() throws Exception {
        Map<String, DescribedStream> streams = ApisPage.read().furtherApis();
        Main main = new Main();
        for (DescribedStream stream : streams.values()) {
            stream.writeTo(folder, "http://127.0.0.1:1", SCHEMA.formatted(stream.name()));
            stream.settings("s3cret").forEach(main::addOverrideProperty);
        }
        main.configure().withRoutesIncludePattern("file:" + folder + "/*.camel.yaml");
        main.addInitialProperty("camel.component.kamelet.location", "file:routes,classpath:kamelets");
        RunsByHand.in(main);
        main.bind("dataSource", TestDatabase.h2().dataSource());
        main.start();
        try {
            for (DescribedStream stream : streams.values()) {
                assertThat(main.getCamelContext().getRouteController().getRouteStatus(stream.name()))
                        .as(stream.name())
                        .satisfies(status -> assertThat(status.isStarted()).isTrue());
            }
        } finally {
            main.stop();
        }
    }

    @Test
    void noApiIsInTheTableThatHasAnExample() {
        ApisPage page = ApisPage.read();

        assertThat(page.furtherApis().keySet())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(page.examples().keySet());
    }

    @Test
    void eachLineNamesAnExampleOfItsKind() {
        ApisPage page = ApisPage.read();
        List<String> links = page.examples().keySet().stream()
                .map(heading -> "[" + heading.replaceFirst(":.*", "") + "](#"
                        + heading.toLowerCase(Locale.ROOT)
                                .replaceAll("[^a-z0-9 -]", "")
                                .replace(' ', '-')
                        + ")")
                .toList();

        assertThat(links).containsAll(page.likeExamples());
    }

    @TestFactory
    Stream<DynamicTest> checkHasNothingToSetInTheStream() {
        return APIS.stream()
                .map(Supplier::get)
                .map(api -> DynamicTest.dynamicTest(api.heading(), () -> {
                    try (api) {
                        DescribedStream stream = ApisPage.read().furtherApis().get(api.heading());
                        ApiFindings check = new PlayedSync(api.start(), stream).check(folder);
                        assertThat(api.calls()).hasSizeLessThanOrEqualTo(10);
                        assertThat(check.parameters()).isEmpty();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> theStreamKeepsTheTableEqualToTheApi() {
        return APIS.stream()
                .map(Supplier::get)
                .map(api -> DynamicTest.dynamicTest(api.heading(), () -> {
                    try (api) {
                        DescribedStream stream = ApisPage.read().furtherApis().get(api.heading());
                        new PlayedSync(api.start(), stream).keepsTheTableEqual(folder);
                    }
                }));
    }
}
