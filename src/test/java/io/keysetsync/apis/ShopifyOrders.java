package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Shopify's orders, by its REST reference ("Order", "Make paginated requests with the REST Admin API"): {@code page_info}
 * takes no other parameter than {@code limit} beside it; {@code updated_at_min} includes its second; times are those of
 * the shop's zone; only open orders unless {@code status=any}; too many requests are a 429.
 */
final class ShopifyOrders extends PlayedApi {

    /** Half an hour before the shop's clocks go forward. */
    private static final Instant FIRST = Instant.parse("2024-03-10T06:30:00Z");

    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final Comparator<ObjectNode> BY_UPDATE = Comparator.comparing(ShopifyOrders::updated)
            .thenComparing(order -> order.path("id").longValue());

    private int answers;

    @Override
    String heading() {
        return "Shopify: orders (REST)";
    }

    @Override
    String schema() {
        return """
                {"table": "shopify_orders", "primary_key": ["id"],
                 "columns": {"id": "LONG", "note": "STRING", "closed_at": "STRING", "updated_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "note");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.shopify.token", "shpat_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 800; i++) {
            put(i, "order " + i, FIRST.plusSeconds(60L * (i / 9)));
        }
    }

    @Override
    void change() {
        put(5, "order 5, refunded", FIRST.plusSeconds(90_000));
        put(801, "order 801", FIRST.plusSeconds(60L * (800 / 9)));
    }

    private void put(int number, String note, Instant updated) {
        String time = updated.atZone(ZONE).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        ObjectNode order = object().put("id", 450_789_469L + number).put("note", note);
        order.put("closed_at", number % 5 == 0 ? time : null);
        put("%06d".formatted(number), order.put("updated_at", time));
    }

    @Override
    Reply answer(Call call) {
        call.require("X-Shopify-Access-Token", "shpat_0123", 401);
        if (!call.path().equals("/admin/api/2025-01/orders.json")) {
            throw new Refusal(404, "Not Found");
        }
        if (++answers == 3) {
            return Reply.status(429, error("Exceeded 2 calls per second")).header("Retry-After", "0.1");
        }
        String info = call.parameter("page_info");
        if (info != null) {
            call.allowOnly("page_info", "limit");
            String[] parts = decoded(info).split(" ", 3);
            return list(call, parts[0], parts[1], Long.parseLong(parts[2]));
        }
        call.allowOnly("limit", "status", "order", "updated_at_min");
        boolean isAny = "any".equals(call.parameter("status")) && "updated_at asc".equals(call.parameter("order"));
        return list(call, isAny ? "any" : "open", call.parameter("updated_at_min"), 0);
    }

    private Reply list(Call call, String status, String min, long after) {
        int limit = call.number("limit", 50);
        if (limit > 250) {
            throw new Refusal(400, "limit must be at most 250");
        }
        Instant from = OffsetDateTime.parse(min).toInstant();
        List<ObjectNode> found = records().values().stream()
                .filter(order -> status.equals("any") || order.path("closed_at").isNull())
                .filter(order -> !updated(order).isBefore(from))
                .sorted(BY_UPDATE)
                .dropWhile(order -> after > 0 && order.path("id").longValue() != after)
                .skip(after > 0 ? 1 : 0)
                .toList();
        List<ObjectNode> page = page(found, 0, limit);
        Reply reply = Reply.json(object().set("orders", array(page)));
        if (found.size() <= limit) {
            return after == 0 ? reply : reply.header("Link", link(limit, "back", "previous"));
        }
        String next = encoded(
                status + " " + min + " " + page.get(limit - 1).path("id").asText());
        String link = link(limit, next, "next");
        return reply.header("Link", after == 0 ? link : link(limit, "back", "previous") + ", " + link);
    }

    private static String link(int limit, String info, String relation) {
        return "<https://my-shop.myshopify.com/admin/api/2025-01/orders.json?limit=%d&page_info=%s>; rel=\"%s\""
                .formatted(limit, info, relation);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static Instant updated(ObjectNode order) {
        return OffsetDateTime.parse(order.path("updated_at").textValue()).toInstant();
    }

    @Override
    JsonNode error(String message) {
        return object().put("errors", message);
    }
}
