package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Square's payments, by its reference ("List payments", "Pagination"): of the last year, unless {@code begin_time} says
 * otherwise; {@code cursor} holds for the same query alone, and for a limited time (here: for three pages of a list); it
 * is missing at the end; without payments the answer is <code>{}</code>.
 */
final class Square extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00.883Z");

    @Override
    String heading() {
        return "Square: payments";
    }

    @Override
    String schema() {
        return """
                {"table": "square_payments", "primary_key": ["id"],
                 "columns": {"id": "STRING", "status": "STRING", "updated_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "status");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.square.token", "EAAA0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 420; i++) {
            put(i, "APPROVED", FIRST.plusMillis(i / 110)); // ties over more than a page
        }
    }

    @Override
    void change() {
        put(2, "COMPLETED", FIRST.plusSeconds(60));
        put(421, "APPROVED", FIRST.plusMillis(420 / 110));
    }

    @Override
    boolean beginsEmpty() {
        return true;
    }

    private void put(int number, String status, Instant updated) {
        String id = "R2B3Z8WMVt3EAmzYWLZvz%07d".formatted(number);
        put(
                id,
                object().put("id", id)
                        .put("status", status)
                        .put("created_at", FIRST.minusSeconds(number).toString())
                        .put("updated_at", updated.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer EAAA0123", 401);
        call.requirePath("/v2/payments");
        call.allowOnly("begin_time", "updated_at_begin_time", "sort_field", "sort_order", "limit", "cursor");
        Instant begin = time(call, "begin_time", Instant.now().minus(365, ChronoUnit.DAYS));
        Instant since = time(call, "updated_at_begin_time", Instant.EPOCH);
        String field = "UPDATED_AT".equals(call.parameter("sort_field")) ? "updated_at" : "created_at";
        Comparator<ObjectNode> order = Comparator.comparing(each -> time(each, field));
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !time(each, "created_at").isBefore(begin))
                .filter(each -> !time(each, "updated_at").isBefore(since))
                .sorted("ASC".equals(call.parameter("sort_order")) ? order : order.reversed())
                .toList();
        int size = Math.min(call.number("limit", 100), 100);
        int from = offset(call);
        if (from > 2 * size) {
            throw new Refusal(400, "INVALID_CURSOR: expired");
        }
        ObjectNode answer = object();
        if (from < found.size()) {
            answer.set("payments", array(page(found, from, size)));
        }
        if (from + size < found.size()) {
            answer.put("cursor", seal(call) + "=" + (from + size));
        }
        return Reply.json(answer);
    }

    private static int offset(Call call) {
        String cursor = call.parameter("cursor");
        if (cursor != null && !cursor.startsWith(seal(call) + "=")) {
            throw new Refusal(400, "INVALID_CURSOR");
        }
        return cursor == null ? 0 : Integer.parseInt(cursor.substring(cursor.indexOf('=') + 1));
    }

    /** What a cursor holds of its query. */
    private static String seal(Call call) {
        Map<String, List<String>> query = new TreeMap<>(call.query());
        query.remove("cursor");
        return Integer.toHexString(query.hashCode());
    }

    private static Instant time(Call call, String name, Instant absent) {
        return call.parameter(name) == null ? absent : Instant.parse(call.needed(name));
    }

    private static Instant time(ObjectNode payment, String name) {
        return Instant.parse(payment.path(name).textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().set("errors", JSON.arrayNode().add(object().put("code", message)));
    }
}
