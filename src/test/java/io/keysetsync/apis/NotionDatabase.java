package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The rows of a Notion database, by its reference ("Query a database", "Pagination", "Versioning"): a POST; the header
 * {@code Notion-Version} is required; {@code last_edited_time} is cut to the minute; {@code next_cursor} is null at the
 * end; a {@code start_cursor} that is null is refused.
 */
final class NotionDatabase extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:05Z");
    private static final String PATH = "/v1/databases/897e5a76ae524b489fdfe71f5945d1af/query";

    @Override
    String heading() {
        return "Notion: rows of a database";
    }

    @Override
    String schema() {
        return """
                {"table": "notion_tasks", "primary_key": ["id"],
                 "columns": {"id": "STRING", "properties": "STRING", "last_edited_time": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "properties");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.notion.token", "ntn_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 340; i++) {
            put(i, "task " + i, FIRST.plusSeconds(2L * i));
        }
    }

    @Override
    void change() {
        put(340, "task 340, edited in the same minute", FIRST.plusSeconds(2L * 340 + 5));
        put(341, "task 341", FIRST.plusSeconds(2L * 340 + 6));
        put(3, "task 3, done", FIRST.plusSeconds(5_000));
    }

    private void put(int number, String title, Instant edited) {
        ObjectNode page = object().put("object", "page").put("id", "be633bf1-dfa0-436d-b259-%012d".formatted(number));
        page.putObject("properties").putObject("Name").put("type", "title").put("plain_text", title);
        String minute = edited.truncatedTo(ChronoUnit.MINUTES).toString().replace("00Z", "00.000Z");
        put("%06d".formatted(number), page.put("last_edited_time", minute));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer ntn_0123", 401);
        call.require("Notion-Version", "2022-06-28", 400);
        call.allowOnly();
        JsonNode body = call.body();
        if (!call.method().equals("POST") || !call.path().equals(PATH)) {
            throw new Refusal(400, "Invalid request URL.");
        }
        if (body.path("page_size").asInt(100) > 100 || body.path("start_cursor").isNull()) {
            throw new Refusal(400, "body failed validation");
        }
        JsonNode filter = body.path("filter");
        if (!filter.path("timestamp").asText().equals("last_edited_time")) {
            throw new Refusal(400, "body.filter.timestamp should be `\"last_edited_time\"`");
        }
        Instant from = Instant.parse(
                filter.path("last_edited_time").path("on_or_after").asText());
        String start = body.path("start_cursor").asText("");
        boolean isAscending =
                body.path("sorts").path(0).path("direction").asText().equals("ascending");
        Comparator<ObjectNode> order = Comparator.comparing(NotionDatabase::edited);
        List<ObjectNode> found = records().values().stream()
                .filter(page -> !edited(page).isBefore(from))
                .sorted(isAscending ? order : order.reversed())
                .dropWhile(page ->
                        !start.isEmpty() && !start.equals(page.path("id").textValue()))
                .toList();
        int size = body.path("page_size").asInt(100);
        ObjectNode answer = object().put("object", "list").put("has_more", found.size() > size);
        answer.put(
                "next_cursor", found.size() > size ? found.get(size).path("id").textValue() : null);
        return Reply.json(answer.set("results", array(page(found, 0, size))));
    }

    private static Instant edited(ObjectNode page) {
        return Instant.parse(page.path("last_edited_time").textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().put("object", "error").put("message", message);
    }
}
