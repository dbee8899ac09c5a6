package io.keysetsync.guarantee;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A stream from a scenario API into an empty database (H2 unless a subclass names another), with the shipped Kamelets; for examples of one behaviour each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SyncExample {

    private final ScenarioApi api = ScenarioApi.of(Feed.of()).start();
    private final Streams streams = streams(api, database());
    private final Map<String, String> parameters = new HashMap<>();
    private String schema = "";

    /** An empty database. */
    TestDatabase database() {
        return TestDatabase.h2();
    }

    private static Streams streams(ScenarioApi api, TestDatabase database) {
        try {
            return new Streams(api, database);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void begin() {
        streams.forgetAll();
        schema = "file:routes/user.schema.json";
        parameters.clear();
        parameters.putAll(Map.of("retryDelay", "PT0S", "attempts", "3"));
    }

    @AfterAll
    void stop() throws Exception {
        streams.close();
        api.close();
    }

    /**
     * A page in place of the API's own.
     *
     * @param token of the next page; empty if there is none
     * @param records each as {@code id@cursor}
     */
    static Fault page(String token, String... records) {
        String data = Arrays.stream(records)
                .map(record -> record.split("@", 2))
                .map(record -> "{\"id\":\"%s\",\"updatedAt\":\"%s\"}".formatted(record[0], record[1]))
                .collect(Collectors.joining(","));
        return Fault.json(200, "{\"data\":[%s],\"scroll_param\":\"%s\"}".formatted(data, token));
    }

    /** Sets a parameter of the source. */
    void with(String parameter, String value) {
        parameters.put(parameter, value);
    }

    /** Asks for pages as this API wants it; gives the API. */
    Scenario pagedBy(NextPage next, Scenario plain) {
        String field = next == NextPage.LAST_RECORD ? "id" : "next";
        String param = next.hasTokens() ? "scroll_param" : "page";
        with("paging", paging(next));
        with("scrollField", field);
        with("scrollParam", param);
        return plain.nextPage(next).scrollField(field).scrollParam(param);
    }

    /** The parameter {@code paging} for an API of this kind. */
    static String paging(NextPage next) {
        return switch (next) {
            case TOKEN -> "scroll";
            case LINK, RELATIVE_LINK, LINK_LIST -> "link";
            case LINK_HEADER -> "linkHeader";
            case PAGE -> "page";
            case OFFSET -> "offset";
            case LAST_RECORD -> "lastRecord";
        };
    }

    /** A table that keeps any cursor as text. */
    void withCursorsOfAnyKind() {
        schema = "classpath:thing.schema.json";
    }

    /** One run; gives its status. */
    String sync(Scenario scenario) throws Exception {
        return sync(scenario, null);
    }

    /** One run whose process is killed; gives its status as the database has it. */
    String sync(Scenario scenario, @Nullable Crash crash) throws Exception {
        api.reset(scenario);
        streams.run(parameters, schema, crash);
        return Objects.toString(run().get("STATUS"));
    }

    /** The last run's row. */
    Map<String, Object> run() {
        return streams.database().queryForMap("SELECT * FROM keyset_sync_run ORDER BY started_at DESC LIMIT 1");
    }

    String error() {
        return Objects.toString(run().get("ERROR"), "");
    }

    /** The table's names of records, by id. */
    Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        String table = schema.contains("user") ? "user" : "thing";
        streams.database().query("SELECT \"id\", \"name\" FROM \"" + table + "\"", row -> {
            rows.put(row.getString(1), row.getString(2));
        });
        return rows;
    }

    /** The table's ids. */
    List<String> ids() {
        return List.copyOf(rows().keySet());
    }

    /** The stored cursor; null if there is none. */
    @Nullable
    String cursor() {
        List<String> cursors =
                streams.database().queryForList("SELECT cursor_value FROM keyset_sync_cursor", String.class);
        return cursors.isEmpty() ? null : cursors.get(0);
    }

    List<String> quarantine() {
        return streams.database().queryForList("SELECT reason FROM keyset_sync_quarantine", String.class);
    }

    /** All runs' statuses, the earliest first. */
    List<String> statuses() {
        return streams.database().queryForList("SELECT status FROM keyset_sync_run ORDER BY started_at", String.class);
    }

    /** The values of a query parameter in the last run's requests, one each. */
    List<String> sent(String parameter) {
        return api.requests().stream()
                .map(request -> Objects.toString(request.parameter(parameter), "-"))
                .toList();
    }

    List<Request> requests() {
        return api.requests();
    }
}
