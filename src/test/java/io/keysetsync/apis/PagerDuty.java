package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * PagerDuty's incidents, by its reference ("List incidents", "Pagination"): created from {@code since} until before
 * {@code until}, which are at most six months apart; without them, those of the last month; {@code offset} and
 * {@code limit} up to 10,000 (here: 200); {@code more} says whether more follow.
 */
final class PagerDuty extends PlayedApi {

    private static final Instant FIRST_WINDOW_ENDS = Instant.parse("2024-05-30T00:00:00Z");
    private static final int MOST = 200;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Override
    String heading() {
        return "PagerDuty: incidents";
    }

    @Override
    String schema() {
        return """
                {"table": "pagerduty_incidents", "primary_key": ["id"],
                 "columns": {"id": "STRING", "status": "STRING", "created_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "status");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.pagerduty.authorization", "Token token=y_NbAkKc66ryYTWUXYEu");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 170; i++) {
            put(i, "resolved", FIRST_WINDOW_ENDS.plusSeconds(i / 3 - 40)); // on both sides of a window's edge
        }
        for (int i = 171; i <= 300; i++) {
            put(i, "resolved", FIRST_WINDOW_ENDS.plus(200, ChronoUnit.DAYS).plusSeconds(i / 9));
        }
        put(301, "triggered", now.minus(1, ChronoUnit.DAYS));
        put(302, "triggered", now.minus(1, ChronoUnit.HOURS));
    }

    @Override
    void change() {
        put(301, "resolved", now.minus(1, ChronoUnit.DAYS));
        put(303, "triggered", now.minus(1, ChronoUnit.MINUTES));
    }

    private void put(int number, String status, Instant created) {
        String id = "P%06d".formatted(number);
        put(id, object().put("id", id).put("status", status).put("created_at", created.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Token token=y_NbAkKc66ryYTWUXYEu", 401);
        call.requirePath("/incidents");
        call.allowAtMost(100, "limit");
        Instant since = time(call, "since", now.minus(30, ChronoUnit.DAYS));
        Instant until = time(call, "until", now);
        if (Duration.between(since, until).toDays() > 180) {
            throw new Refusal(400, "The date range must be less than six months");
        }
        int size = call.number("limit", 25);
        int offset = call.number("offset", 0);
        if (offset + size > MOST) {
            throw new Refusal(400, "offset and limit must not exceed " + MOST);
        }
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !created(each).isBefore(since) && created(each).isBefore(until))
                .sorted(Comparator.comparing(PagerDuty::created))
                .toList();
        ObjectNode answer = object().put("limit", size).put("offset", offset).put("more", offset + size < found.size());
        answer.set("total", JSON.nullNode());
        answer.set("incidents", array(page(found, offset, size)));
        return Reply.json(answer);
    }

    private static Instant time(Call call, String name, Instant absent) {
        return call.parameter(name) == null ? absent : Instant.parse(call.needed(name));
    }

    private static Instant created(ObjectNode incident) {
        return Instant.parse(incident.path("created_at").textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().set("error", object().put("message", message).put("code", 2001));
    }
}
