package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asana's tasks of a project, by its reference ("Get multiple tasks", "Pagination"): in the project's order;
 * {@code offset} is a token that holds for the same query alone; {@code next_page} is null at the end.
 */
final class Asana extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00.123Z");

    @Override
    String heading() {
        return "Asana: tasks of a project";
    }

    @Override
    String schema() {
        return """
                {"table": "asana_tasks", "primary_key": ["gid"],
                 "columns": {"gid": "STRING", "name": "STRING", "modified_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("gid", "name");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.asana.token", "1/1234:abcd");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 260; i++) {
            put(i, "task " + i, FIRST.plusSeconds((i * 37) % 260));
        }
    }

    @Override
    void change() {
        put(3, "task 3, done", FIRST.plusSeconds(4_000));
        put(261, "task 261", FIRST.plusSeconds(259)); // of the same moment as the last one seen
    }

    private void put(int number, String name, Instant modified) {
        String gid = "12058%011d".formatted(number);
        put(gid, object().put("gid", gid).put("name", name).put("modified_at", modified.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer 1/1234:abcd", 401);
        call.requirePath("/api/1.0/tasks");
        call.allowAtMost(100, "limit");
        if (!call.needed("project").equals("1204")) {
            throw new Refusal(403, "Forbidden");
        }
        boolean hasCursor = call.parameter("opt_fields") != null
                && List.of(call.needed("opt_fields").split(",", -1)).contains("modified_at");
        Instant since = Instant.parse(
                call.parameter("modified_since") == null ? "1970-01-01T00:00:00Z" : call.needed("modified_since"));
        List<ObjectNode> found = records().values().stream()
                .filter(task ->
                        !Instant.parse(task.path("modified_at").textValue()).isBefore(since))
                .map(task -> hasCursor ? task : task.deepCopy().without("modified_at"))
                .map(ObjectNode.class::cast)
                .toList();
        int size = call.number("limit", 20);
        int from = offset(call);
        ObjectNode answer = object();
        answer.set("data", array(page(found, from, size)));
        answer.set("next_page", from + size < found.size() ? next(call, from + size) : JSON.nullNode());
        return Reply.json(answer);
    }

    private static JsonNode next(Call call, int offset) {
        String token = "eyJ0eXAiOiJ+" + seal(call) + "/" + offset;
        return object().put("offset", token).put("path", call.targetWith("offset", token));
    }

    private static int offset(Call call) {
        String token = call.parameter("offset");
        if (token != null && !token.startsWith("eyJ0eXAiOiJ+" + seal(call) + "/")) {
            throw new Refusal(400, "offset: Your pagination token is invalid.");
        }
        return token == null ? 0 : Integer.parseInt(token.substring(token.lastIndexOf('/') + 1));
    }

    /** What a token holds of its query. */
    private static String seal(Call call) {
        Map<String, List<String>> query = new TreeMap<>(call.query());
        query.remove("offset");
        return Integer.toHexString(query.hashCode());
    }
}
