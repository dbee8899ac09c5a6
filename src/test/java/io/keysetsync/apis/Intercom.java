package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Intercom's search of contacts, by its reference ("Search contacts", "Pagination"): times are indexed by the day, so that
 * {@code >} begins with the next day in UTC; {@code pages.next} is missing on the last page.
 */
final class Intercom extends PlayedApi {

    private static final long DAY = 86_400;
    private static final long FIRST = Instant.parse("2024-03-01T00:00:00Z").getEpochSecond();

    @Override
    String heading() {
        return "Intercom: contacts by search";
    }

    @Override
    String schema() {
        return """
                {"table": "intercom_contacts", "primary_key": ["id"],
                 "columns": {"id": "STRING", "name": "STRING", "updated_at": "LONG"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "name", "updated_at");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.intercom.token", "dG9r0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 500; i++) {
            put(i, "contact " + i, FIRST + i * 3_600L);
        }
    }

    @Override
    void change() {
        put(2, "contact 2, renamed", FIRST + 500 * 3_600L + 60);
        put(501, "contact 501", FIRST + 500 * 3_600L - 60);
        put(502, "contact 502", FIRST + 500 * 3_600L + 9 * DAY);
    }

    private void put(int number, String name, long updated) {
        String id = "%024x".formatted(number);
        put(id, object().put("type", "contact").put("id", id).put("name", name).put("updated_at", updated));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer dG9r0123", 401);
        call.require("Intercom-Version", "2.14", 400);
        call.requirePath("/contacts/search");
        if (!call.method().equals("POST") || !call.query().isEmpty()) {
            throw new Refusal(404, "Not Found");
        }
        JsonNode query = call.body().path("query");
        JsonNode filter = query.path("value").path(0);
        if (!query.path("operator").asText().equals("AND")
                || !filter.path("operator").asText().equals(">")
                || !filter.path("value").isIntegralNumber()) {
            throw new Refusal(400, "invalid query");
        }
        long from = (filter.path("value").longValue() / DAY + 1) * DAY;
        JsonNode sort = call.body().path("sort");
        if (!sort.path("field").asText().equals("updated_at")
                || !sort.path("order").asText().equals("ascending")) {
            throw new Refusal(400, "invalid sort");
        }
        int size = call.body().path("pagination").path("per_page").asInt(50);
        int begin = begin(call.body().path("pagination").path("starting_after"));
        if (size > 150) {
            throw new Refusal(400, "per_page is too large");
        }
        List<ObjectNode> found = records().values().stream()
                .filter(each -> updated(each) >= from)
                .sorted(Comparator.comparingLong(Intercom::updated))
                .toList();
        ObjectNode pages = object().put("type", "pages").put("per_page", size);
        if (begin + size < found.size()) {
            pages.set("next", object().put("starting_after", "WzE3Nz+" + (begin + size)));
        }
        ObjectNode answer = object().put("type", "list").put("total_count", found.size());
        answer.set("data", array(page(found, begin, size)));
        answer.set("pages", pages);
        return Reply.json(answer);
    }

    private static int begin(JsonNode startingAfter) {
        if (startingAfter.isMissingNode()) {
            return 0;
        }
        if (!startingAfter.asText().startsWith("WzE3Nz+")) {
            throw new Refusal(400, "invalid starting_after");
        }
        return Integer.parseInt(startingAfter.textValue().substring(7));
    }

    private static long updated(ObjectNode contact) {
        return contact.path("updated_at").longValue();
    }
}
