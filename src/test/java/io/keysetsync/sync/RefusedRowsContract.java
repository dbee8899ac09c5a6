package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that fit their columns and are refused by the database, because its owner asks for more. */
abstract class RefusedRowsContract extends SinkContract {

    static final int PAGE = 120;
    private static final String END = "2024-01-01T00:59:00Z";

    @BeforeEach
    void table() throws Exception {
        sync(List.of());
    }

    /** Has the database refuse the row of this key by an error that has nothing to do with rows. */
    abstract void breakAt(int id);

    /** Has a trigger refuse the rows whose amount is negative, with the message {@code not this one}. */
    abstract void refuseNegativeByTrigger();

    private void constrain(String constraint) {
        jdbc.execute("ALTER TABLE \"item\" ADD CONSTRAINT asked " + constraint);
    }

    /** A page of 1 to {@value #PAGE}, with these among them whose amount is negative. */
    static List<String> page(Set<Integer> negative) {
        return IntStream.rangeClosed(1, PAGE)
                .mapToObj(id ->
                        item(id, id / 2 - (id == PAGE ? 1 : 0), "\"amount\": " + (negative.contains(id) ? -id : id)))
                .toList();
    }

    static List<Integer> allBut(Set<Integer> bad) {
        return IntStream.rangeClosed(1, PAGE)
                .filter(id -> !bad.contains(id))
                .boxed()
                .toList();
    }

    @Test
    void oneRefusedRowIsSetAsideAndTheOthersAreSaved() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        Map<String, Object> run = sync(page(Set.of(77)));

        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, PAGE, PAGE - 1, 0, 0, 1);
        assertThat(ids()).isEqualTo(allBut(Set.of(77)));
        assertThat(database.cursor(STREAM)).isEqualTo(END);
        assertThat(reasons())
                .singleElement()
                .asString()
                .startsWith("the database: ")
                .containsIgnoringCase("asked");
        assertThat(jdbc.queryForObject("SELECT record FROM keyset_sync_quarantine", String.class))
                .isEqualTo("{\"id\":77,\"updatedAt\":\"2024-01-01T00:38:00Z\",\"amount\":-77}");
    }

    @Test
    void severalRefusedRowsAreSetAsideAndTheOthersAreSaved() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        Set<Integer> bad = Set.of(1, 2, 3, 60, 61, 64, 119, 120);
        Map<String, Object> run = sync(page(bad));

        assertCounts(run, PAGE, PAGE - 8, 0, 0, 8);
        assertThat(ids()).isEqualTo(allBut(bad));
        assertThat(reasons()).hasSize(8);
        assertThat(database.cursor(STREAM)).isEqualTo(END);
    }

    @Test
    void pageOfRefusedRowsAloneIsSetAsideAsAWhole() throws Exception {
        constrain("CHECK (\"amount\" < 0)");
        Map<String, Object> run = sync(page(Set.of()));

        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, PAGE, 0, 0, 0, PAGE);
        assertThat(ids()).isEmpty();
        assertThat(reasons()).hasSize(PAGE);
        assertThat(database.cursor(STREAM)).isEqualTo(END);
    }

    @Test
    void pageThatComesAgainChangesNothing() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sync(page(Set.of(5, 6)));
        Map<String, Object> run = sync(page(Set.of(5, 6)));

        assertCounts(run, PAGE, 0, PAGE - 2, 0, 2);
        assertThat(reasons()).hasSize(2);
    }

    @Test
    void rowWithoutARequiredValueIsSetAside() throws Exception {
        requireValue("name");
        List<String> page = new ArrayList<>();
        for (int id = 1; id <= PAGE; id++) {
            page.add(item(id, 1, id == 33 ? "\"name\": null" : "\"name\": \"n\""));
        }
        assertCounts(sync(page), PAGE, PAGE - 1, 0, 0, 1);
        assertThat(ids()).isEqualTo(allBut(Set.of(33)));
        assertThat(reasons()).singleElement().asString().contains("name");
    }

    @Test
    void rowThatRefersToNothingIsSetAsideButNotThoseWhoseParentsAreInAnotherHalf() throws Exception {
        constrain("FOREIGN KEY (\"parent\") REFERENCES \"item\" (\"id\")");
        List<String> page = new ArrayList<>();
        for (int id = 1; id <= PAGE; id++) {
            int parent = id == 20 ? 999 : id <= 60 ? 121 - id : id;
            page.add(item(id, 1, "\"parent\": " + parent));
        }
        assertCounts(sync(page), PAGE, PAGE - 1, 0, 0, 1);
        assertThat(ids()).isEqualTo(allBut(Set.of(20)));
    }

    @Test
    void rowWithAnothersUniqueValueIsSetAsideButNotOneThatTakesOverAValue() throws Exception {
        constrain("UNIQUE (\"amount\")");
        sync(page(Set.of()));
        List<String> page = new ArrayList<>(page(Set.of()));
        page.set(0, item(1, 59, "\"amount\": 100"));
        page.set(99, item(100, 59, "\"amount\": 1000"));
        page.set(49, item(50, 59, "\"amount\": 51"));

        assertCounts(sync(page), PAGE, 2, PAGE - 3, 0, 1);
        assertThat(value("amount", 1)).isEqualTo(100);
        assertThat(value("amount", 100)).isEqualTo(1000);
        assertThat(value("amount", 50)).isEqualTo(50);
    }

    @Test
    void rowThatATriggerRefusesIsSetAsideAndTheOthersAreSaved() throws Exception {
        refuseNegativeByTrigger();
        Map<String, Object> run = sync(page(Set.of(1, 77)));

        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, PAGE, PAGE - 2, 0, 0, 2);
        assertThat(ids()).isEqualTo(allBut(Set.of(1, 77)));
        assertThat(database.cursor(STREAM)).isEqualTo(END);
        assertThat(reasons()).hasSize(2).allSatisfy(reason -> assertThat(reason)
                .startsWith("the database: ")
                .contains("not this one"));
    }

    @Test
    void partsOfAPageSetTheirRefusedRowsAsideToo() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        Set<Integer> bad = Set.of(7, 50, 51, 110);
        Map<String, Object> run = sync("thirds", page(bad));

        assertThat(run).containsEntry("status", "complete");
        assertCounts(run, PAGE, PAGE - 4, 0, 0, 4);
        assertThat(ids()).isEqualTo(allBut(bad));
        assertThat(reasons()).hasSize(4);
        assertThat(database.cursor(STREAM)).isEqualTo(END);
    }

    @Test
    void moreQuarantinedRecordsThanAllowedFailTheRunAndTheirPage() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sink.put("maxQuarantined", "4");
        assertThat(sync(page(Set.of(1, 2, 3, 4)))).containsEntry("status", "complete");

        jdbc.execute("DELETE FROM keyset_sync_quarantine");
        jdbc.execute("DELETE FROM \"item\"");
        List<String> page = new ArrayList<>(page(Set.of(1, 2)));
        page.add("{\"id\": 121}");
        page.add("{\"id\": 122}");
        page.add(item(123, 1, "\"amount\": \"x\""));
        Map<String, Object> run = sync(page);

        assertThat(run).containsEntry("status", "failed");
        assertThat((String) run.get("error"))
                .startsWith("stream item: this run would quarantine 5 records or more, and maxQuarantined is 4; "
                        + "the last one for this reason: the database: ")
                .containsIgnoringCase("asked")
                .endsWith("; correct the schema or the data, or raise maxQuarantined");
        assertCounts(run, 0, 0, 0, 0, 0);
        assertThat(ids()).isEmpty();
        assertThat(reasons()).isEmpty();
    }

    @Test
    void quarantinedRecordsOfAllPagesOfARunAreCounted() throws Exception {
        sink.put("maxQuarantined", "3");
        Feed feed = Feed.of();
        for (int i = 1; i <= 30; i++) {
            String time = "2024-01-01T00:%02d:00Z".formatted(i);
            FeedRecord record = FeedRecord.of("" + i, time);
            feed.add(i % 5 == 0 ? record.with("amount", "x") : record);
        }
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start();
                DefaultCamelContext context = context(api, "")) {
            context.start();
            ShippedRoutes.sync(context, STREAM);
        }

        assertThat(lastRun()).containsEntry("status", "failed");
        assertCounts(lastRun(), 10, 8, 0, 0, 2);
        assertThat(ids()).hasSize(8);
        assertThat(reasons()).hasSize(2);
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T00:09:00Z");
    }

    @Test
    void partThatGoesPastTheLimitIsNotSaved() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        sink.put("maxQuarantined", "3");
        Map<String, Object> run = sync("thirds", page(Set.of(1, 50, 51, 52, 53)));

        assertThat(run).containsEntry("status", "failed");
        assertThat(ids()).hasSize(39);
        assertThat(database.cursor(STREAM)).isNull();
    }

    @Test
    void pageThatBelongsToNoRunIsSavedAsAWholeOrNotAtAll() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        CamelContext context = running("");
        Endpoint table = context.getEndpoints().stream()
                .filter(endpoint -> endpoint.getEndpointUri().contains("jdbc-upsert-sink"))
                .findFirst()
                .orElseThrow();
        ObjectMapper json = new ObjectMapper();
        try (ProducerTemplate producer = context.createProducerTemplate()) {
            assertThatThrownBy(() -> producer.sendBody(
                            table, json.readTree(page(Set.of(7)).toString())))
                    .rootCause()
                    .hasMessageStartingWith(
                            "stream item: a page that belongs to no run has a record that can't be saved")
                    .hasMessageContaining("the database: ");
            assertThat(ids()).isEmpty();

            producer.sendBody(table, json.readTree(page(Set.of()).toString()));
            assertThat(ids()).hasSize(PAGE);
        }
    }

    @Test
    void anyOtherErrorRollsBackThePageWithTheHalvesThatWereSavedBefore() throws Exception {
        constrain("CHECK (\"amount\" >= 0)");
        breakAt(100);
        Map<String, Object> run = sync(page(Set.of(10)));

        assertThat(run).containsEntry("status", "failed");
        assertThat((String) run.get("error")).contains("the disk is full").contains("nothing of this page was saved");
        assertCounts(run, 0, 0, 0, 0, 0);
        assertThat(ids()).isEmpty();
        assertThat(reasons()).isEmpty();
        assertThat(database.cursor(STREAM)).isNull();
    }
}
