package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Zendesk's tickets, by its reference ("Incremental Ticket Export, Cursor Based"): {@code start_time} in the first
 * request, {@code cursor} alone in the others; a time of the last minute is refused; {@code after_cursor} also on the last
 * page, which {@code end_of_stream} tells.
 */
final class ZendeskTickets extends PlayedApi {

    private static final int TOO_RECENT = 60;
    private static final Comparator<ObjectNode> BY_GENERATION = Comparator.<ObjectNode>comparingLong(
                    ticket -> ticket.path("generated_timestamp").longValue())
            .thenComparing(ticket -> ticket.path("id").longValue());

    private final long now = Instant.now().getEpochSecond();

    @Override
    String heading() {
        return "Zendesk: tickets";
    }

    @Override
    String schema() {
        return """
                {"table": "zendesk_tickets", "primary_key": ["id"],
                 "columns": {"id": "LONG", "subject": "STRING", "generated_timestamp": "LONG"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "subject", "generated_timestamp");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.zendesk.token", "zd0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 2_500; i++) {
            put(i, "ticket " + i, now - (2_500 - i) / 300 * 3_600L); // the last ones are of this second
        }
    }

    @Override
    void change() {
        put(12, "ticket 12, solved", Instant.now().getEpochSecond());
        put(2_501, "ticket 2501", now);
    }

    private void put(int number, String subject, long generated) {
        put(
                "%06d".formatted(number),
                object().put("id", 35_436 + number).put("subject", subject).put("generated_timestamp", generated));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Basic Ym90QGV4YW1wbGUuY29tL3Rva2VuOnpkMDEyMw==", 401);
        call.allowOnly("per_page", call.parameter("cursor") == null ? "start_time" : "cursor");
        if (!call.path().equals("/api/v2/incremental/tickets/cursor.json")) {
            throw new Refusal(404, "InvalidEndpoint");
        }
        String cursor = call.parameter("cursor");
        String[] after = cursor == null ? new String[] {call.parameter("start_time"), "0"} : cursor.split("-", 2);
        long from = Long.parseLong(after[0]);
        if (cursor == null && from > Instant.now().getEpochSecond() - TOO_RECENT) {
            throw new Refusal(400, "Too recent start_time. Use a start_time older than " + TOO_RECENT + " seconds");
        }
        ObjectNode last = object().put("generated_timestamp", from).put("id", Long.parseLong(after[1]));
        List<ObjectNode> found = records().values().stream()
                .sorted(BY_GENERATION)
                .dropWhile(ticket -> BY_GENERATION.compare(ticket, last) <= 0)
                .toList();
        List<ObjectNode> page = page(found, 0, Math.min(call.number("per_page", 1_000), 1_000));
        ObjectNode answer = object().set("tickets", array(page));
        ObjectNode end = page.isEmpty() ? last : page.get(page.size() - 1);
        String next =
                end.path("generated_timestamp").asText() + "-" + end.path("id").asText();
        return Reply.json(answer.put("after_cursor", next)
                .put("after_url", "https://example.zendesk.com/api/v2/incremental/tickets/cursor.json?cursor=" + next)
                .put("end_of_stream", page.size() == found.size()));
    }
}
