package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A WooCommerce shop's orders, by its REST reference ("List all orders", "Pagination"): {@code modified_after} is strict,
 * and in UTC if {@code dates_are_gmt}; the next page is in the header {@code Link}. An order that changes while pages are
 * read moves to the list's end, and all that follow it move up by one.
 */
final class WooCommerce extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-10T06:00:00Z");
    private static final ZoneId SHOP = ZoneId.of("America/New_York");

    private int answers;

    @Override
    String heading() {
        return "WooCommerce: orders";
    }

    @Override
    String schema() {
        return """
                {"table": "woocommerce_orders", "primary_key": ["id"],
                 "columns": {"id": "LONG", "status": "STRING", "date_modified_gmt": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "status");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.woocommerce.key", "ck_0123", "sync.woocommerce.secret", "cs_4567");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 450; i++) {
            put(i, "processing", FIRST.plusSeconds(60L * (i / 7)));
        }
    }

    @Override
    void change() {
        put(4, "completed", FIRST.plusSeconds(90_000));
        put(451, "pending", FIRST.plusSeconds(60_000)); // of the second of the last cursor
        put(452, "pending", FIRST.plusSeconds(90_000));
    }

    private void put(int id, String status, Instant modified) {
        put(
                "%06d".formatted(id),
                object().put("id", id)
                        .put("status", status)
                        .put("date_modified", written(modified, SHOP))
                        .put("date_modified_gmt", written(modified, ZoneOffset.UTC)));
    }

    private static String written(Instant time, ZoneId zone) {
        return "%tFT%<tT".formatted(time.atZone(zone));
    }

    @Override
    Reply answer(Call call) {
        call.requireBasic("ck_0123", "cs_4567");
        call.requirePath("/wp-json/wc/v3/orders");
        call.allowAtMost(100, "per_page");
        if (++answers == 2) {
            put(10, "refunded", FIRST.plusSeconds(60_000));
        }
        String field = "true".equals(call.parameter("dates_are_gmt")) ? "date_modified_gmt" : "date_modified";
        String after = call.parameter("modified_after");
        String from = after == null ? "" : shopTime(after);
        boolean isAscending = "asc".equals(call.parameter("order")) && "modified".equals(call.parameter("orderby"));
        Comparator<ObjectNode> order =
                Comparator.comparing(each -> each.path("date_modified").textValue());
        List<ObjectNode> found = records().values().stream()
                .filter(each -> each.path(field).textValue().compareTo(from) > 0)
                .sorted(isAscending ? order : order.reversed())
                .toList();
        int size = call.number("per_page", 10);
        int page = call.number("page", 1);
        Reply reply = Reply.json(array(page(found, (page - 1) * size, size)));
        String next = "<https://shop.example.com" + call.targetWith("page", "" + (page + 1)) + ">; rel=\"next\"";
        return page * size < found.size() ? reply.header("Link", next) : reply;
    }

    /** A time with an offset becomes one of the shop's zone, even if it is then taken for UTC. */
    private static String shopTime(String text) {
        return text.length() == 19
                ? "%tFT%<tT".formatted(LocalDateTime.parse(text))
                : written(OffsetDateTime.parse(text).toInstant(), SHOP);
    }
}
