package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Sentry's issues of an organization, by its reference ("List an organization's issues", "Pagination"): a search,
 * newest first, unresolved issues alone if {@code query} is missing; the header {@code Link} always has a next page, with
 * {@code results="false"} if there is nothing on it.
 */
final class Sentry extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final String SINCE = "lastSeen:>";

    @Override
    String heading() {
        return "Sentry: issues";
    }

    @Override
    String schema() {
        return """
                {"table": "sentry_issues", "primary_key": ["id"],
                 "columns": {"id": "STRING", "status": "STRING", "lastSeen": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "status");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.sentry.token", "sntrys_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 300; i++) {
            put(i, i % 5 == 0 ? "resolved" : "unresolved", FIRST.plusSeconds(i / 4));
        }
    }

    @Override
    void change() {
        put(8, "resolved", FIRST.plusSeconds(300 / 4));
        put(301, "unresolved", FIRST.plusSeconds(700));
    }

    private void put(int number, String status, Instant seen) {
        String id = "%09d".formatted(number);
        put(id, object().put("id", id).put("status", status).put("lastSeen", seen.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer sntrys_0123", 401);
        call.requirePath("/api/0/organizations/acme/issues/");
        call.allowAtMost(100, "limit");
        String query = call.parameter("query") == null ? "is:unresolved" : call.needed("query");
        if (!query.startsWith(SINCE) && !query.equals("is:unresolved")) {
            throw new Refusal(400, "Error parsing search query");
        }
        Instant since = query.startsWith(SINCE) ? Instant.parse(query.substring(SINCE.length())) : Instant.MIN;
        List<ObjectNode> found = records().values().stream()
                .filter(each -> seen(each).isAfter(since))
                .filter(each -> query.startsWith(SINCE)
                        || "unresolved".equals(each.path("status").textValue()))
                .sorted(Comparator.comparing(Sentry::seen).reversed())
                .toList();
        int size = call.number("limit", 100);
        String cursor = call.parameter("cursor");
        int offset = cursor == null ? 0 : Integer.parseInt(cursor.split(":", -1)[1]);
        if (offset > 0 && offset >= found.size()) {
            throw new IllegalStateException("asked for a page that has no results");
        }
        return Reply.json(array(page(found, offset, size)))
                .header(
                        "Link",
                        link(call, "previous", Math.max(0, offset - size), offset > 0) + ", "
                                + link(call, "next", offset + size, offset + size < found.size()));
    }

    private static String link(Call call, String rel, int offset, boolean hasResults) {
        String cursor = "0:" + offset + ":" + (rel.equals("next") ? 0 : 1);
        return "<https://sentry.io" + call.targetWith("cursor", cursor) + ">; rel=\"" + rel + "\"; results=\""
                + hasResults + "\"; cursor=\"" + cursor + "\"";
    }

    private static Instant seen(ObjectNode issue) {
        return Instant.parse(issue.path("lastSeen").textValue());
    }
}
