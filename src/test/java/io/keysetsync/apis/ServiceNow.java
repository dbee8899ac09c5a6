package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ServiceNow's incidents, by its reference ("Table API"): an encoded query with filter and order; times are in UTC and of
 * the form {@code yyyy-MM-dd HH:mm:ss}, and a query with another form finds nothing
 * ({@code glide.invalid_query.returns_no_rows}); {@code sysparm_offset} counts records.
 */
final class ServiceNow extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final Pattern QUERY =
            Pattern.compile("sys_updated_on>=(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)(\\^ORDERBYsys_updated_on)?");

    private int answers;

    @Override
    String heading() {
        return "ServiceNow: incidents";
    }

    @Override
    String schema() {
        return """
                {"table": "servicenow_incidents", "primary_key": ["sys_id"],
                 "columns": {"sys_id": "STRING", "state": "STRING", "sys_updated_on": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("sys_id", "state");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.servicenow.password", "s3cr3t");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 2_300; i++) {
            put(i, "1", FIRST.plusSeconds(i / 9));
        }
    }

    @Override
    void change() {
        put(6, "7", FIRST.plusSeconds(9_000));
        put(2_301, "1", FIRST.plusSeconds(8_000)); // of the second of the last cursor
    }

    private void put(int number, String state, Instant updated) {
        String id = "%032x".formatted(number);
        put(id, object().put("sys_id", id).put("state", state).put("sys_updated_on", written(updated)));
    }

    private static String written(Instant time) {
        return "%tF %<tT".formatted(time.atOffset(ZoneOffset.UTC));
    }

    @Override
    Reply answer(Call call) {
        call.requireBasic("sync", "s3cr3t");
        call.requirePath("/api/now/table/incident");
        if (++answers == 2) {
            put(10, "6", FIRST.plusSeconds(8_000)); // moves to the end, and all others up by one
        }
        Matcher query = QUERY.matcher(call.needed("sysparm_query"));
        if (!query.matches()) {
            return Reply.json(object().set("result", JSON.arrayNode()));
        }
        boolean isSorted = query.group(2) != null;
        Comparator<ObjectNode> order = Comparator.comparing(isSorted ? ServiceNow::updated : each -> "");
        List<ObjectNode> found = records().values().stream()
                .filter(each -> updated(each).compareTo(query.group(1)) >= 0)
                .sorted(order)
                .toList();
        int size = call.number("sysparm_limit", 10_000);
        return Reply.json(object().set("result", array(page(found, call.number("sysparm_offset", 0), size))));
    }

    private static String updated(ObjectNode incident) {
        return incident.path("sys_updated_on").textValue();
    }

    @Override
    JsonNode error(String message) {
        return object().put("status", "failure").set("error", object().put("message", message));
    }
}
