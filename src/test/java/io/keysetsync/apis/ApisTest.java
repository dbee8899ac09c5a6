package io.keysetsync.apis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.record.FieldPath;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each example of docs/apis.md, as it is written there, against a server that behaves as the API's documentation says. */
class ApisTest {

    /** The APIs that are played. */
    private static final List<Supplier<PlayedApi>> APIS = List.of(
            GitHub::new,
            Stripe::new,
            HubSpotSearch::new,
            ShopifyOrders::new,
            ShopifyGraphQl::new,
            Jira::new,
            ZendeskTickets::new,
            NotionDatabase::new,
            SlackMessages::new,
            Airtable::new,
            KlaviyoProfiles::new,
            GitLab::new,
            Linear::new,
            GoogleCalendar::new,
            MailchimpMembers::new,
            WordPress::new,
            WooCommerce::new,
            Asana::new,
            Intercom::new,
            Freshdesk::new,
            PagerDuty::new,
            Sentry::new,
            PayPal::new,
            Square::new,
            ServiceNow::new,
            Recharge::new,
            Pipedrive::new,
            Twilio::new);

    private static final Pattern EXAMPLE =
            Pattern.compile("^### (.+?)\\n(?:(?!^### ).*\\n)*?```yaml\\n((?:(?!```).*\\n)+)```", Pattern.MULTILINE);

    private static final String ROUTE =
            """
            - route:
                id: %1$s
                from:
                  uri: kamelet:keyset-sync-source
                  parameters:
            %2$s
                  steps:
                    - to:
                        uri: kamelet:jdbc-upsert-sink
                        parameters:
                          stream: %1$s
                          schema: %3$s
            %4$s
            """;

    /** A block of YAML; an example's second one has parameters of the sink. */
    private static final Pattern YAML = Pattern.compile("```yaml\\n((?:(?!```).*\\n)+)```");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> theExampleKeepsTheTableEqualToTheApi() {
        return APIS.stream()
                .map(Supplier::get)
                .map(api -> DynamicTest.dynamicTest(api.heading(), () -> {
                    try (api) {
                        keepsTheTableEqual(api.start());
                    }
                }));
    }

    @Test
    void eachExampleIsRun() throws Exception {
        assertThat(examples().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        APIS.stream().map(api -> api.get().heading()).toList());
    }

    private void keepsTheTableEqual(PlayedApi api) throws Exception {
        TestDatabase database = TestDatabase.h2();
        Main main = new Main();
        String yaml = examples().get(api.heading());
        String stream = value(yaml, "stream");
        main.configure()
                .withRoutesIncludePattern(route(api, yaml, stream).toUri().toString());
        main.addInitialProperty("camel.component.kamelet.location", "file:routes,classpath:kamelets");
        RunsByHand.in(main);
        api.settings().forEach(main::addOverrideProperty);
        main.bind("dataSource", database.dataSource());
        main.start();
        try {
            sync(main, database, stream);
            assertThat(api.refusals()).isEmpty();
            int first = api.takeCalls().size();
            assertThat(rows(database, api)).containsExactlyInAnyOrderElementsOf(truth(api));
            api.change();
            sync(main, database, stream);
            assertThat(api.refusals()).isEmpty();
            int second = api.takeCalls().size();
            assertThat(rows(database, api)).containsExactlyInAnyOrderElementsOf(truth(api));
            if (api.filters()) {
                assertThat(second).as("requests of the second sync").isLessThan(first);
            }
        } finally {
            main.stop();
        }
    }

    private static void sync(Main main, TestDatabase database, String stream) throws Exception {
        ShippedRoutes.sync(main.getCamelContext(), stream);
        List<Map<String, Object>> runs = database.runs(stream);
        Map<String, Object> last = runs.get(runs.size() - 1);
        assertThat(last.get("STATUS")).as("%s", last.get("ERROR")).isEqualTo("complete");
        assertThat(last.get("QUARANTINED")).as("quarantined records").isEqualTo(0L);
    }

    private Path route(PlayedApi api, String yaml, String stream) throws Exception {
        Path schema = Files.writeString(folder.resolve(stream + ".schema.json"), api.schema());
        String here = yaml.replaceAll("https://[^/\\s]+", api.origin()).replace("file:routes/", "file:" + folder + "/");
        Matcher body = Pattern.compile("```json\\n((?:(?!```).*\\n)+)```").matcher(section(api.heading()));
        if (body.find()) {
            Files.writeString(folder.resolve(stream + ".request.json"), body.group(1));
        }
        return Files.writeString(
                folder.resolve(stream + ".camel.yaml"),
                ROUTE.formatted(
                        stream,
                        (here + "retryDelay: PT0S\n").indent(8).stripTrailing(),
                        "file:" + schema,
                        sinkParameters(api).indent(14).stripTrailing()));
    }

    private static String sinkParameters(PlayedApi api) throws Exception {
        return YAML.matcher(section(api.heading()))
                .results()
                .skip(1)
                .map(block -> block.group(1))
                .collect(Collectors.joining());
    }

    private static String value(String yaml, String name) {
        Matcher value =
                Pattern.compile("^" + name + ": (.+)$", Pattern.MULTILINE).matcher(yaml);
        assertThat(value.find()).as(name).isTrue();
        return value.group(1);
    }

    /** The parameters of each example, by its heading. */
    private static Map<String, String> examples() throws Exception {
        return EXAMPLE.matcher(Files.readString(Path.of("docs/apis.md")))
                .results()
                .collect(Collectors.toMap(example -> example.group(1), example -> example.group(2)));
    }

    private static String section(String heading) throws Exception {
        String page = Files.readString(Path.of("docs/apis.md"));
        int from = page.indexOf("### " + heading + "\n");
        int to = page.indexOf("\n### ", from + 1);
        return page.substring(from, to < 0 ? page.length() : to);
    }

    private static List<String> truth(PlayedApi api) {
        return api.truth().stream().map(record -> line(api, record)).toList();
    }

    private static String line(PlayedApi api, JsonNode record) {
        return api.compared().stream()
                .map(path -> FieldPath.of(path).in(record))
                .map(value -> value.isContainerNode() ? value.toString() : value.asText())
                .collect(Collectors.joining(" | "));
    }

    private static List<String> rows(TestDatabase database, PlayedApi api) throws Exception {
        JsonNode schema = new ObjectMapper().readTree(api.schema());
        String table = schema.path("table").textValue();
        List<String> columns = new ArrayList<>();
        api.compared().forEach(path -> columns.add("CAST(\"" + path + "\" AS VARCHAR)"));
        return database.jdbc()
                .query(
                        "SELECT " + String.join(", ", columns) + " FROM \"" + table + "\""
                                + (api.deletesSoftly() ? " WHERE \"_deleted\" IS NOT TRUE" : ""),
                        (row, i) -> {
                            List<String> values = new ArrayList<>();
                            for (int column = 1; column <= columns.size(); column++) {
                                values.add(row.getString(column));
                            }
                            return String.join(" | ", values);
                        });
    }
}
