package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shopify's orders, by its GraphQL documentation ("orders", "Search syntax", "Rate limits"): a search in a string, which
 * is ignored if a time in it is not quoted; {@code endCursor} also on the last page; errors, those of the rate limit
 * included, under status 200.
 */
final class ShopifyGraphQl extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final Pattern SIZE = Pattern.compile("orders\\(first: (\\d+)");
    private static final Pattern SINCE = Pattern.compile("updated_at:>='([^']+)'");

    /** The first request of the second sync. */
    private static final int THROTTLED = 8;

    private int answers;

    @Override
    String heading() {
        return "Shopify: orders (GraphQL)";
    }

    @Override
    String schema() {
        return """
                {"table": "shopify_graphql_orders", "primary_key": ["id"],
                 "columns": {"id": "STRING", "name": "STRING", "updatedAt": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "name");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.shopify.token", "shpat_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 620; i++) {
            put(i, "#" + i, FIRST.plusSeconds(i / 7));
        }
    }

    @Override
    void change() {
        put(4, "#4, edited", FIRST.plusSeconds(900));
        put(621, "#621", FIRST.plusSeconds(620 / 7));
    }

    private void put(int number, String name, Instant updated) {
        String id = "gid://shopify/Order/%06d".formatted(number);
        put(id, object().put("id", id).put("name", name).put("updatedAt", updated.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("X-Shopify-Access-Token", "shpat_0123", 401);
        call.require("Content-Type", "application/json", 415);
        if (!call.method().equals("POST") || !call.path().equals("/admin/api/2025-01/graphql.json")) {
            throw new Refusal(404, "Not Found");
        }
        if (++answers == THROTTLED) {
            return failed("Throttled", "THROTTLED");
        }
        String document = call.body().path("query").asText();
        JsonNode variables = call.body().path("variables");
        Matcher size = SIZE.matcher(document);
        if (!size.find()
                || Integer.parseInt(size.group(1)) > 250
                || !variables.path("filter").isTextual()) {
            return failed("Variable $filter of type String! was provided invalid value", "INVALID_VARIABLE");
        }
        Matcher since = SINCE.matcher(variables.path("filter").textValue());
        Instant from = since.matches() ? Instant.parse(since.group(1)) : Instant.EPOCH;
        String after = variables.path("after").asText("");
        Comparator<ObjectNode> byId =
                Comparator.comparing(order -> order.path("id").textValue());
        Comparator<ObjectNode> order = document.contains("sortKey: UPDATED_AT")
                ? Comparator.comparing(ShopifyGraphQl::updated).thenComparing(byId)
                : byId;
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !updated(each).isBefore(from))
                .sorted(order)
                .dropWhile(each -> !after.isEmpty() && !cursor(each).equals(after))
                .skip(after.isEmpty() ? 0 : 1)
                .toList();
        List<ObjectNode> page = page(found, 0, Integer.parseInt(size.group(1)));
        ObjectNode orders = object().set("nodes", array(page));
        orders.putObject("pageInfo")
                .put("hasNextPage", page.size() < found.size())
                .put("endCursor", page.isEmpty() ? null : cursor(page.get(page.size() - 1)));
        return Reply.json(object().set("data", object().set("orders", orders)));
    }

    private static Reply failed(String message, String code) {
        ObjectNode error = object().put("message", message).set("extensions", object().put("code", code));
        return Reply.json(object().set("errors", array(List.of(error))));
    }

    private static String cursor(ObjectNode order) {
        return "eyJ" + order.path("id").textValue().replaceAll("\\D", "") + "==";
    }

    private static Instant updated(ObjectNode order) {
        return Instant.parse(order.path("updatedAt").textValue());
    }
}
