package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Pipedrive's recent deals, by its reference ("Recents", "Pagination"): {@code since_timestamp} in UTC without an offset;
 * the records stand one level down, and some of them are null; {@code next_start} is missing at the end, and
 * {@code data} is null if there is nothing.
 */
final class Pipedrive extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");

    @Override
    String heading() {
        return "Pipedrive: deals";
    }

    @Override
    String schema() {
        return """
                {"table": "pipedrive_deals", "primary_key": ["id"],
                 "columns": {"id": "LONG", "title": "STRING", "update_time": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "title");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.pipedrive.token", "a1b2c3");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 1_200; i++) {
            put(i, "deal " + i, FIRST.plusSeconds(i / 5));
        }
    }

    @Override
    void change() {
        put(3, "deal 3, won", FIRST.plusSeconds(5_000));
        put(1_201, "deal 1201", FIRST.plusSeconds(1_200 / 5));
    }

    private void put(int id, String title, Instant updated) {
        put(
                "%06d".formatted(id),
                object().put("id", id)
                        .put("title", title)
                        .put("update_time", "%tF %<tT".formatted(updated.atOffset(ZoneOffset.UTC))));
    }

    @Override
    Reply answer(Call call) {
        if (!"a1b2c3".equals(call.parameter("api_token"))) {
            throw new Refusal(401, "unauthorized access");
        }
        call.requirePath("/v1/recents");
        call.allowOnly("api_token", "since_timestamp", "items", "start", "limit");
        call.allowAtMost(500, "limit");
        String since = call.needed("since_timestamp");
        if (!since.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d")
                || !call.needed("items").equals("deal")) {
            throw new Refusal(400, "since_timestamp or items is not valid");
        }
        List<JsonNode> found = new ArrayList<>();
        records().values().stream()
                .filter(deal -> updated(deal).compareTo(since) >= 0)
                .sorted(Comparator.comparing(Pipedrive::updated))
                .forEach(deal -> found.add(item(deal)));
        found.add(found.size() / 2, JSON.nullNode());
        found.add(found.size() / 2, object().put("item", "deal").put("id", 77).putNull("data"));
        int size = call.number("limit", 100);
        int start = call.number("start", 0);
        boolean hasMore = start + size < found.size();
        ObjectNode paging = object().put("start", start).put("limit", size).put("more_items_in_collection", hasMore);
        if (hasMore) {
            paging.put("next_start", start + size);
        }
        ObjectNode answer = object().put("success", true);
        answer.set("data", start < found.size() ? array(page(found, start, size)) : JSON.nullNode());
        answer.set("additional_data", object().set("pagination", paging));
        return Reply.json(answer);
    }

    private static ObjectNode item(ObjectNode deal) {
        return object().put("item", "deal")
                .put("id", deal.path("id").intValue())
                .set("data", deal);
    }

    private static String updated(ObjectNode deal) {
        return deal.path("update_time").textValue();
    }

    @Override
    JsonNode error(String message) {
        return object().put("success", false).put("error", message);
    }
}
