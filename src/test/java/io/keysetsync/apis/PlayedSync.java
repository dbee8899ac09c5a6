package io.keysetsync.apis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.inspect.probe.ApiFindings;
import io.keysetsync.record.FieldPath;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.main.Main;

/** Syncs a played API as a stream of docs/apis.md, and compares the table with the API. */
final class PlayedSync {

    private final PlayedApi api;
    private final DescribedStream stream;
    private final TestDatabase database = TestDatabase.h2();

    PlayedSync(PlayedApi api, DescribedStream stream) {
        this.api = api;
        this.stream = stream;
    }

    /** A first sync, changes, a second sync: each time the table equals the API. */
    void keepsTheTableEqual(Path folder) throws Exception {
        Main main = start(folder);
        try {
            if (api.beginsEmpty()) {
                recordsOfSync(main);
                api.populate();
            }
            long first = recordsOfSync(main);
            api.change();
            long second = recordsOfSync(main);
            if (api.filters()) {
                assertThat(second).as("records of the second sync").isLessThan(first);
            }
        } finally {
            main.stop();
        }
    }

    /** What {@code check} says about the stream. */
    ApiFindings check(Path folder) throws Exception {
        Main main = start(folder);
        try {
            return ApiFindings.of(main.getCamelContext(), stream.name());
        } finally {
            main.stop();
        }
    }

    private Main start(Path folder) throws Exception {
        Main main = new Main();
        main.configure()
                .withRoutesIncludePattern(stream.writeTo(folder, api.origin(), api.schema())
                        .toUri()
                        .toString());
        main.addInitialProperty("camel.component.kamelet.location", "file:routes,classpath:kamelets");
        RunsByHand.in(main);
        api.settings().forEach(main::addOverrideProperty);
        main.bind("dataSource", database.dataSource());
        main.start();
        return main;
    }

    private long recordsOfSync(Main main) throws Exception {
        ShippedRoutes.sync(main.getCamelContext(), stream.name());
        List<Map<String, Object>> runs = database.runs(stream.name());
        Map<String, Object> last = runs.get(runs.size() - 1);
        assertThat(last.get("STATUS")).as("%s", last.get("ERROR")).isEqualTo("complete");
        assertThat(last.get("QUARANTINED")).as("quarantined records").isEqualTo(0L);
        assertThat(api.refusals()).isEmpty();
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(truth());
        return (Long) last.get("RECORDS");
    }

    private List<String> truth() {
        return api.truth().stream().map(this::line).toList();
    }

    private String line(JsonNode record) {
        return api.compared().stream()
                .map(path -> FieldPath.of(path).in(record))
                .map(value -> value.isContainerNode() ? value.toString() : value.asText())
                .collect(Collectors.joining(" | "));
    }

    private List<String> rows() throws Exception {
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
