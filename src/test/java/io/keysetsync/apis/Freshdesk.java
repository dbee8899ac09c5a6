package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Freshdesk's tickets, by its reference ("List all tickets", "Pagination"): without {@code updated_since} those of the last
 * 30 days; the next page is in the header {@code Link}; a page past the 300th (here: the third) is a 400.
 */
final class Freshdesk extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final int MOST_PAGES = 3;

    @Override
    String heading() {
        return "Freshdesk: tickets";
    }

    @Override
    String schema() {
        return """
                {"table": "freshdesk_tickets", "primary_key": ["id"],
                 "columns": {"id": "LONG", "subject": "STRING", "updated_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "subject");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.freshdesk.key", "fd0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 950; i++) {
            put(i, "ticket " + i, FIRST.plusSeconds(i / 130)); // ties over more than a page
        }
    }

    @Override
    void change() {
        put(9, "ticket 9, closed", FIRST.plusSeconds(5_000));
        put(951, "ticket 951", FIRST.plusSeconds(950 / 130));
    }

    private void put(int id, String subject, Instant updated) {
        put("%06d".formatted(id), object().put("id", id).put("subject", subject).put("updated_at", updated.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.requireBasic("fd0123", "X");
        call.requirePath("/api/v2/tickets");
        call.allowOnly("updated_since", "order_by", "order_type", "per_page", "page");
        call.allowAtMost(100, "per_page");
        call.allowAtMost(MOST_PAGES, "page");
        String since = call.parameter("updated_since");
        Instant from = since == null ? Instant.now().minus(30, ChronoUnit.DAYS) : Instant.parse(since);
        if (!List.of("updated_at", "created_at", "due_by", "status").contains(call.needed("order_by"))) {
            throw new Refusal(400, "Validation failed: order_by");
        }
        Comparator<ObjectNode> order = Comparator.comparing(Freshdesk::updated);
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !updated(each).isBefore(from))
                .sorted("asc".equals(call.parameter("order_type")) ? order : order.reversed())
                .toList();
        int size = call.number("per_page", 30);
        int page = call.number("page", 1);
        Reply reply = Reply.json(array(page(found, (page - 1) * size, size)));
        String next = "<https://example.freshdesk.com" + call.targetWith("page", "" + (page + 1)) + ">;rel=\"next\"";
        return page * size < found.size() ? reply.header("link", next) : reply;
    }

    private static Instant updated(ObjectNode ticket) {
        return Instant.parse(ticket.path("updated_at").textValue());
    }
}
