package io.keysetsync.cli.add;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.inspect.discover.UndecidedException;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command {@code add} finds out about APIs of many kinds: each of its streams brings all records. */
class NewStreamTest {

    private static final int USERS = 40;

    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.h2();
    private DefaultCamelContext context;

    @BeforeEach
    void start() {
        context = started();
    }

    private DefaultCamelContext started() {
        DefaultCamelContext started = new DefaultCamelContext();
        started.getRegistry().bind("dataSource", database.dataSource());
        RunsByHand.in(started);
        started.start();
        return started;
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(
                        "as the sample API", scenario(), Map.of("paging", "scroll", "scrollParam", "scroll_param")),
                Arguments.of(
                        "tokens by another name, and another filter",
                        scenario()
                                .scrollField("meta.next_cursor")
                                .scrollParam("cursor")
                                .cursorParam("since")
                                .repeatsFilter(),
                        Map.of("scrollField", "meta.next_cursor", "scrollParam", "cursor", "cursorParam", "since")),
                Arguments.of(
                        "links",
                        scenario().nextPage(NextPage.LINK).scrollField("links.next"),
                        Map.of("paging", "link", "scrollField", "links.next")),
                Arguments.of(
                        "relative links",
                        scenario().nextPage(NextPage.RELATIVE_LINK).scrollField("next"),
                        Map.of("paging", "link", "scrollField", "next")),
                Arguments.of(
                        "a list of links",
                        scenario().nextPage(NextPage.LINK_LIST).scrollField("links"),
                        Map.of("paging", "link", "scrollField", "links")),
                Arguments.of(
                        "the header Link around a bare array",
                        scenario().nextPage(NextPage.LINK_HEADER).bareArray(),
                        Map.of("paging", "linkHeader", "recordsField", "")),
                Arguments.of(
                        "pages by number",
                        scenario().nextPage(NextPage.PAGE).scrollParam("page").cursorParam("updated_after"),
                        Map.of("paging", "page", "scrollParam", "page", "cursorParam", "updated_after")),
                Arguments.of(
                        "pages by number from 0",
                        scenario().nextPage(NextPage.PAGE).scrollParam("page").firstPage(0),
                        Map.of("paging", "page", "firstPage", "0")),
                Arguments.of(
                        "offsets",
                        scenario().nextPage(NextPage.OFFSET).scrollParam("skip"),
                        Map.of("paging", "offset", "scrollParam", "skip")),
                Arguments.of(
                        "the last record's id and a flag",
                        scenario()
                                .nextPage(NextPage.LAST_RECORD)
                                .scrollField("id")
                                .scrollParam("starting_after")
                                .moreField("has_more"),
                        Map.of("paging", "lastRecord", "scrollField", "id", "scrollParam", "starting_after")),
                Arguments.of(
                        "a filter named after the cursor",
                        scenario().cursorField("modified_on").cursorParam("modified_on[gte]"),
                        Map.of("cursorField", "modified_on", "cursorParam", "modified_on[gte]")),
                Arguments.of(
                        "a filter that wants seconds of the epoch",
                        scenario().cursorParam("since").cursorFormat("\\d+"),
                        Map.of("cursorParam", "since", "cursorFormat", "epochSeconds", "initialCursor", "0")),
                Arguments.of(
                        "no filter",
                        scenario().cursorParam("wherever_it_is"),
                        Map.of("cursorParam", "", "initialCursor", "")),
                Arguments.of(
                        "unknown parameters refused",
                        scenario().onlyParameters("updated_since", "scroll_param"),
                        Map.of("cursorParam", "updated_since", "scrollParam", "scroll_param")),
                Arguments.of(
                        "unknown parameters refused, and pages by the last record",
                        scenario()
                                .nextPage(NextPage.LAST_RECORD)
                                .scrollField("id")
                                .scrollParam("starting_after")
                                .moreField("has_more")
                                .cursorParam("updatedAt[gte]")
                                .onlyParameters("updatedAt[gte]", "starting_after"),
                        Map.of("paging", "lastRecord", "cursorParam", "updatedAt[gte]")),
                Arguments.of(
                        "one page, whose token is null",
                        scenario().pageSize(100).scrollField("next_cursor").scrollParam("cursor"),
                        Map.of("paging", "scroll", "scrollField", "next_cursor", "scrollParam", "cursor")),
                Arguments.of(
                        "an answer that fails once",
                        scenario().onRequest(2, Fault.status(503)),
                        Map.of("scrollParam", "scroll_param", "cursorParam", "updated_since")),
                Arguments.of(
                        "a page behind the last one refused",
                        scenario()
                                .nextPage(NextPage.PAGE)
                                .scrollParam("page")
                                .cursorParam("since")
                                .refusesPastEnd(404),
                        Map.of("paging", "page", "onPageRefused", "end")),
                Arguments.of("the newest first", scenario().descending(), Map.of("cursorField", "updatedAt")),
                Arguments.of(
                        "a strict filter",
                        scenario().strict(),
                        Map.of("cursorParam", "updated_since", "lookback", "PT1S")),
                Arguments.of(
                        "records and cursor nested",
                        scenario().recordsField("result.items").cursorField("meta.changed_at"),
                        Map.of("recordsField", "result.items", "cursorField", "meta.changed_at")));
    }

    private static Scenario scenario() {
        return ScenarioApi.of(Feed.users(USERS)).pageSize(10);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void apiOfAnyKindIsUnderstoodAndReadToItsEnd(String kind, Scenario scenario, Map<String, String> expected)
            throws Exception {
        try (ScenarioApi api = scenario.start()) {
            NewStream added = added(api, Map.of());

            assertThat(added.text().parameters()).containsAllEntriesOf(expected);
            assertThat(added.text().primaryKey()).containsExactly("id");
            assertThat(api.requests()).hasSizeLessThanOrEqualTo(20);
            assertThat(database.jdbc()
                            .queryForList("SELECT table_name FROM information_schema.tables"
                                    + " WHERE table_schema = 'PUBLIC'"))
                    .isEmpty();

            assertThat(synced(added)).isEqualTo(USERS);
        }
    }

    @Test
    void typesAreNoNarrowerThanTheValues() throws Exception {
        Feed feed = Feed.of();
        for (int i = 1; i <= 25; i++) {
            feed.add(FeedRecord.user("" + i, "2024-01-%02dT00:00:00Z".formatted(i))
                    .with("count", i)
                    .with("price", 12.0)
                    .with("phone", "0044" + i)
                    .with("uuid", "00000000-0000-0000-0000-0000000000%02d".formatted(i))
                    .with("born", "1990-02-%02d".formatted(i))
                    .with("local", "2024-01-01 10:00:%02d".formatted(i))
                    .with("tags", List.of("a"))
                    .with("home", Map.of("city", "X"))
                    .with("active", i % 2 == 0)
                    .with("mixed", i % 2 == 0 ? "text" : i)
                    .with("big", new BigInteger("12345678901234567890")));
        }
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start()) {
            NewStream added = added(api, Map.of());

            assertThat(added.text().columns().stream()
                            .collect(Collectors.toMap(column -> column.name(), column -> column.type()
                                    .toString())))
                    .contains(
                            entry("id", "STRING"),
                            entry("count", "LONG"),
                            entry("price", "DECIMAL(26,6)"),
                            entry("phone", "STRING"),
                            entry("uuid", "STRING"),
                            entry("born", "NAIVE_DATE"),
                            entry("local", "NAIVE_DATETIME"),
                            entry("tags", "JSON"),
                            entry("home", "JSON"),
                            entry("active", "BOOLEAN"),
                            entry("mixed", "STRING"),
                            entry("big", "DECIMAL(20,0)"),
                            entry("updatedAt", "UTC_DATETIME"));
            assertThat(synced(added)).isEqualTo(25);
        }
    }

    @Test
    void cursorIsTheTimeThatGrowsAndNotThatOfCreation() throws Exception {
        Feed feed = Feed.of();
        for (int i = 1; i <= 30; i++) {
            feed.add(FeedRecord.of("" + i, "2024-01-%02dT00:00:00Z".formatted(i))
                    .with("created", "2023-01-%02dT00:00:00Z".formatted(31 - i))
                    .with("due_date", "2099-01-01T00:00:00Z")
                    .with("imported", "2022-01-01T00:00:00Z"));
        }
        try (ScenarioApi api =
                ScenarioApi.of(feed).pageSize(10).cursorField("ts").start()) {
            assertThat(added(api, Map.of()).text().parameters()).containsEntry("cursorField", "ts");
        }
    }

    @Test
    void keyIsWhatIsDifferentInEachRecord() throws Exception {
        Feed feed = Feed.of();
        for (int i = 1; i <= 30; i++) {
            feed.add(FeedRecord.of("" + i, "2024-01-%02dT00:00:00Z".formatted(i))
                    .with("id", i % 3)
                    .with("record_id", "R" + i));
        }
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start()) {
            assertThat(added(api, Map.of()).text().primaryKey()).containsExactly("record_id");
        }
    }

    static Stream<Arguments> undecided() {
        Feed two = Feed.of();
        Feed twoTimes = Feed.of();
        Feed noTime = Feed.of();
        for (int i = 1; i <= 20; i++) {
            String time = "2024-01-%02dT00:00:00Z".formatted(i);
            two.add(FeedRecord.of("" + i, time)
                    .with("id", 1)
                    .with("sku", "S" + i)
                    .with("code", "C" + i));
            twoTimes.add(FeedRecord.of("" + i, time).with("modifiedAt", time));
            noTime.add(FeedRecord.withoutCursor("" + i).with("name", "n"));
        }
        return Stream.of(
                Arguments.of(ScenarioApi.of(two), "the key may be sku or code", "-p primary_key=sku"),
                Arguments.of(ScenarioApi.of(twoTimes), "the cursor may be", "-p cursorField="),
                Arguments.of(ScenarioApi.of(noTime), "have no time that can be the cursor", "-p cursorField=PATH"),
                Arguments.of(ScenarioApi.of(Feed.of()), "the list is empty", "try again"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("undecided")
    void whatCannotBeToldIsAskedFor(Scenario scenario, String what, String remedy) throws Exception {
        try (ScenarioApi api = scenario.pageSize(10).start()) {
            assertThatThrownBy(() -> added(api, Map.of()))
                    .isInstanceOf(UndecidedException.class)
                    .hasMessageContainingAll(what, remedy);
        }
    }

    @Test
    void keyThatIsGivenHasToBeOne() throws Exception {
        try (ScenarioApi api = scenario().start()) {
            assertThatThrownBy(() -> added(api, Map.of("primary_key", "job")))
                    .isInstanceOf(UndecidedException.class)
                    .hasMessageContainingAll("only 1 values in 30 records", "-p primary_key");
        }
    }

    @Test
    void whatIsGivenIsNotLookedFor() throws Exception {
        Map<String, String> given = Map.of(
                "recordsField", "data",
                "cursorField", "createdAt",
                "cursorParam", "since",
                "paging", "page",
                "scrollParam", "p",
                "initialCursor", "2020-01-01T00:00:00Z",
                "schedule", "0 0 3 * * ?");
        try (ScenarioApi api = scenario().start()) {
            NewStream added = added(api, given);

            assertThat(added.text().parameters()).containsAllEntriesOf(given);
            assertThat(api.requests().stream().flatMap(request -> request.parameters().keySet().stream()))
                    .isSubsetOf(Set.of("since", "p"));
        }
    }

    private NewStream added(ScenarioApi api, Map<String, String> parameters) throws Exception {
        return NewStream.of(context, "records", GivenParameters.of("records", api.url(), parameters));
    }

    /** How many rows two runs of the stream bring, of which the second changes none. */
    private int synced(NewStream added) throws Exception {
        Path schema = Files.writeString(
                folder.resolve("records.schema.json"), added.text().schema());
        context.stop();
        context = started();
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString(
                        "records.camel.yaml", added.text().yaml(schema.toUri().toString())));
        ShippedRoutes.sync(context, "records");
        ShippedRoutes.sync(context, "records");
        assertThat(database.runs("records"))
                .extracting(run -> run.get("STATUS") + " " + run.get("ERROR"))
                .containsExactly("complete null", "complete null");
        assertThat(database.runs("records").get(1).get("UPSERTED")).hasToString("0");
        return database.jdbc().queryForObject("SELECT count(*) FROM \"records\"", Integer.class);
    }
}
