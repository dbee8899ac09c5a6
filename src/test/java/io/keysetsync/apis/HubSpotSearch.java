package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * HubSpot's search of contacts, by its documentation ("CRM search"): a POST; filters take epoch milliseconds; sorted as
 * the body says; {@code paging.next.after} until the end; a page past the first 10,000 results (here: 1,000) is a 400.
 */
final class HubSpotSearch extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00.000Z");
    private static final int MOST_RESULTS = 1_000;

    @Override
    String heading() {
        return "HubSpot: contacts by search";
    }

    @Override
    String schema() {
        return """
                {"table": "hubspot_contacts", "primary_key": ["id"],
                 "columns": {"id": "STRING", "name": "STRING", "updatedAt": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "name");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.hubspot.token", "pat-0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 2_450; i++) {
            put(i, "contact " + i, FIRST.plusSeconds(600L * (i / 250))); // ties over more than a page
        }
    }

    @Override
    void change() {
        put(7, "contact 7, renamed", FIRST.plusSeconds(86_400));
        put(2_451, "contact 2451", FIRST.plusSeconds(86_400));
    }

    private void put(int number, String name, Instant updated) {
        String id = "%06d".formatted(number);
        put(id, object().put("id", id).put("name", name).put("updatedAt", written(updated)));
    }

    private static String written(Instant updated) {
        String text = updated.toString();
        return text.length() == 20 ? text.replace("Z", ".000Z") : text;
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer pat-0123", 401);
        if (!call.method().equals("POST") || !call.path().equals("/crm/v3/objects/contacts/search")) {
            throw new Refusal(405, "Method Not Allowed");
        }
        JsonNode body = call.body();
        JsonNode filter = body.path("filterGroups").path(0).path("filters").path(0);
        long from = filter.isMissingNode() ? 0 : filter.path("value").asLong();
        int limit = body.path("limit").asInt(10);
        int after = body.path("after").asInt(0);
        if (limit > 200 || after + limit > MOST_RESULTS) {
            throw new Refusal(400, "the maximum number of results is " + MOST_RESULTS);
        }
        List<ObjectNode> found = records().values().stream()
                .filter(each -> updated(each) >= from)
                .sorted(Comparator.comparingLong(HubSpotSearch::updated))
                .toList();
        ObjectNode answer = object().put("total", found.size());
        answer.set("results", array(page(found, after, limit)));
        if (after + limit < found.size()) {
            answer.set("paging", object().set("next", object().put("after", "" + (after + limit))));
        }
        return Reply.json(answer);
    }

    private static long updated(ObjectNode contact) {
        return Instant.parse(contact.path("updatedAt").textValue()).toEpochMilli();
    }
}
