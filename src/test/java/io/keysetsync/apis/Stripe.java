package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Stripe's balance transactions, by its reference ("Pagination", "List all balance transactions"): newest first,
 * {@code starting_after} the last object's id, {@code has_more}; unknown parameters are refused.
 */
final class Stripe extends PlayedApi {

    private static final long FIRST = 1_709_287_200;

    @Override
    String heading() {
        return "Stripe: balance transactions";
    }

    @Override
    String schema() {
        return """
                {"table": "stripe_balance", "primary_key": ["id"],
                 "columns": {"id": "STRING", "amount": "LONG", "created": "LONG"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "amount", "created");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.stripe.key", "sk_test_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 230; i++) {
            put(i, FIRST + i / 3);
        }
    }

    @Override
    void change() {
        put(231, FIRST + 230 / 3);
        put(232, FIRST + 1000);
    }

    private void put(int number, long created) {
        String id = "txn_%06d".formatted(number);
        put(id, object().put("id", id).put("amount", number * 100L).put("created", created));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer sk_test_0123", 401);
        call.allowOnly("limit", "created[gte]", "created[lte]", "starting_after");
        if (!call.path().equals("/v1/balance_transactions")) {
            throw new Refusal(404, "Unrecognized request URL");
        }
        int limit = call.number("limit", 10);
        if (limit > 100) {
            throw new Refusal(400, "limit must be at most 100");
        }
        long from = call.number("created[gte]", 0);
        String after = call.parameter("starting_after");
        if (after != null && !records().containsKey(after)) {
            throw new Refusal(400, "No such balance transaction: " + after);
        }
        List<ObjectNode> found = records().values().stream()
                .filter(each -> each.path("created").longValue() >= from)
                .sorted(NEWEST_FIRST)
                .dropWhile(each ->
                        after != null && NEWEST_FIRST.compare(each, records().get(after)) <= 0)
                .toList();
        return Reply.json(object().put("object", "list")
                .put("has_more", found.size() > limit)
                .set("data", array(page(found, 0, limit))));
    }

    private static final Comparator<ObjectNode> NEWEST_FIRST = Comparator.<ObjectNode>comparingLong(
                    each -> each.path("created").longValue())
            .thenComparing(each -> each.path("id").textValue())
            .reversed();

    @Override
    JsonNode error(String message) {
        return object().set("error", object().put("message", message));
    }
}
