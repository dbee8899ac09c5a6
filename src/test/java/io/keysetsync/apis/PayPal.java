package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * PayPal's transactions, by its reference ("Transaction Search"): {@code start_date} and {@code end_date} have to be sent,
 * at most 31 days apart, and with an offset that has a colon, which those of the answer lack; pages are numbered; a
 * transaction appears up to three hours late, and its id may be that of another one, too.
 */
final class PayPal extends PlayedApi {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Override
    String heading() {
        return "PayPal: transactions";
    }

    @Override
    String schema() {
        return """
                {"table": "paypal_transactions", "primary_key": ["transaction_id", "transaction_event_code"],
                 "columns": {"transaction_id": "STRING", "transaction_event_code": "STRING",
                             "transaction_status": "STRING", "transaction_updated_date": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("transaction_id", "transaction_event_code", "transaction_status");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.paypal.client-id", "AYSq3RDGsmBLJE", "sync.paypal.client-secret", "EGnHDxD_qRPdaLdZz8");
    }

    @Override
    void populate() {
        Instant edge = Instant.parse("2024-01-31T00:00:00Z"); // where the first window ends
        for (int i = 1; i <= 240; i++) {
            put(i, "T0006", "S", edge.plusSeconds(i / 2 - 60));
        }
        put(240, "T1106", "S", edge.plusSeconds(60));
        put(241, "T0006", "P", now.minus(1, ChronoUnit.HOURS));
    }

    @Override
    void change() {
        put(241, "T0006", "S", now.minus(1, ChronoUnit.MINUTES));
        put(242, "T0006", "S", now.minus(2, ChronoUnit.HOURS)); // which appears late
    }

    private void put(int number, String code, String status, Instant updated) {
        String id = "5TY05013RG%07d".formatted(number);
        put(
                id + code,
                object().put("transaction_id", id)
                        .put("transaction_event_code", code)
                        .put("transaction_status", status)
                        .put("transaction_updated_date", updated.toString().replace("Z", "+0000")));
    }

    @Override
    Reply answer(Call call) {
        if (call.path().equals("/v1/oauth2/token")) {
            call.requireBasic("AYSq3RDGsmBLJE", "EGnHDxD_qRPdaLdZz8");
            if (!call.body().asText().equals("grant_type=client_credentials")) {
                throw new Refusal(400, "unsupported_grant_type");
            }
            return Reply.json(object().put("access_token", "A21AAF")
                    .put("token_type", "Bearer")
                    .put("expires_in", 32_400));
        }
        call.require("Authorization", "Bearer A21AAF", 401);
        call.requirePath("/v1/reporting/transactions");
        call.allowAtMost(500, "page_size");
        Instant start = time(call, "start_date");
        Instant end = time(call, "end_date");
        if (end.isBefore(start) || Duration.between(start, end).compareTo(Duration.ofDays(31)) > 0) {
            throw new Refusal(400, "Date range is greater than 31 days");
        }
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !updated(each).isBefore(start) && !updated(each).isAfter(end))
                .map(each -> (ObjectNode) object().set("transaction_info", each))
                .toList();
        int size = call.number("page_size", 100);
        int page = call.number("page", 1);
        int pages = (found.size() + size - 1) / size;
        if (page > Math.max(1, pages)) {
            return Reply.status(400, error("page is beyond total_pages")); // meant: the list has no such page
        }
        ObjectNode answer =
                object().put("page", page).put("total_items", found.size()).put("total_pages", pages);
        answer.set("transaction_details", array(page(found, (page - 1) * size, size)));
        return Reply.json(answer);
    }

    private static Instant time(Call call, String name) {
        if (!call.needed(name).matches(TIME)) {
            throw new Refusal(400, name + " is no date and time");
        }
        return OffsetDateTime.parse(call.needed(name)).toInstant();
    }

    private static Instant updated(ObjectNode transaction) {
        String text = transaction.path("transaction_updated_date").textValue();
        return Instant.parse(text.replace("+0000", "Z"));
    }

    @Override
    JsonNode error(String message) {
        return object().put("name", "INVALID_REQUEST").put("message", message);
    }
}
