package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Recharge's customers, by its reference of 2021-11 ("List customers", "Cursor pagination"): beside {@code cursor} nothing
 * but {@code limit} may be sent; times have no offset.
 */
final class Recharge extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");

    @Override
    String heading() {
        return "Recharge: customers";
    }

    @Override
    String schema() {
        return """
                {"table": "recharge_customers", "primary_key": ["id"],
                 "columns": {"id": "LONG", "email": "STRING", "updated_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "email");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.recharge.token", "sk_1x1_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 600; i++) {
            put(i, "c" + i + "@example.com", FIRST.plusSeconds(i * 7L % 600));
        }
    }

    @Override
    void change() {
        put(3, "c3@example.org", FIRST.plusSeconds(5_000));
        put(601, "c601@example.com", FIRST.plusSeconds(599)); // of the second of the last cursor
    }

    private void put(int id, String email, Instant updated) {
        put(
                "%06d".formatted(id),
                object().put("id", id)
                        .put("email", email)
                        .put("updated_at", updated.toString().replace("Z", "")));
    }

    @Override
    Reply answer(Call call) {
        call.require("X-Recharge-Access-Token", "sk_1x1_0123", 401);
        call.require("X-Recharge-Version", "2021-11", 400);
        call.requirePath("/customers");
        call.allowAtMost(250, "limit");
        String cursor = call.parameter("cursor");
        if (cursor == null) {
            call.allowOnly("limit", "updated_at_min", "updated_at_max", "sort_by");
        } else if (call.query().keySet().stream()
                .anyMatch(name -> !List.of("limit", "cursor").contains(name))) {
            throw new Refusal(422, "cursor can't be combined with other parameters");
        }
        String[] begin = cursor == null ? new String[] {since(call), "0"} : cursor.split("/");
        Instant since = Instant.parse(begin[0]);
        List<ObjectNode> found = records().values().stream()
                .filter(each ->
                        Instant.parse(each.path("updated_at").textValue() + "Z").isAfter(since))
                .toList();
        int size = call.number("limit", 50);
        int from = Integer.parseInt(begin[1]);
        ObjectNode answer =
                object().put("next_cursor", from + size < found.size() ? since + "/" + (from + size) : null);
        answer.putNull("previous_cursor");
        answer.set("customers", array(page(found, from, size)));
        return Reply.json(answer);
    }

    private static String since(Call call) {
        String since = call.parameter("updated_at_min");
        return since == null ? "1970-01-01T00:00:00Z" : since.replace("Z", "") + "Z";
    }
}
