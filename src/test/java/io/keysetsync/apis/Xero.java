package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Xero's invoices, by its reference ("Invoices", "Requests and responses", "OAuth 2.0 API limits"): the header
 * {@code If-Modified-Since} filters, in UTC; times are of the form {@code /Date(1573755038314+0000)/}; pages are numbered,
 * and one past the end is empty. Without {@code order}, nothing is promised; here the newest come first.
 */
final class Xero extends PlayedApi {

    private static final long FIRST = Instant.parse("2024-03-01T10:00:00Z").toEpochMilli();

    private int answers;

    @Override
    String heading() {
        return "Xero: invoices";
    }

    @Override
    String schema() {
        return """
                {"table": "xero_invoices", "primary_key": ["InvoiceID"],
                 "columns": {"InvoiceID": "STRING", "Status": "STRING", "UpdatedDateUTC": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("InvoiceID", "Status", "UpdatedDateUTC");
    }

    @Override
    Map<String, String> settings() {
        return Map.of(
                "sync.xero.client-id", "25A8", "sync.xero.client-secret", "s3cr3t", "sync.xero.tenant", "70784a63");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 300; i++) {
            put(i, "AUTHORISED", FIRST + 500L * i);
        }
    }

    @Override
    void change() {
        put(3, "PAID", FIRST + 900_000);
        put(301, "DRAFT", FIRST + 500L * 300); // of the moment of the last cursor, a whole second
    }

    private void put(int number, String status, long updated) {
        String id = "243216c5-369e-4056-ac67-%012d".formatted(number);
        put(
                id,
                object().put("InvoiceID", id)
                        .put("Status", status)
                        .put("UpdatedDateUTC", "/Date(" + updated + "+0000)/"));
    }

    @Override
    Reply answer(Call call) {
        if (call.path().equals("/connect/token")) {
            call.requireBasic("25A8", "s3cr3t");
            if (!call.body().asText().equals("grant_type=client_credentials&scope=accounting.transactions.read")) {
                throw new Refusal(400, "invalid_scope");
            }
            return Reply.json(object().put("access_token", "eyJhbGciOi").put("expires_in", 1_800));
        }
        call.require("Authorization", "Bearer eyJhbGciOi", 401);
        call.require("Xero-Tenant-Id", "70784a63", 403);
        call.require("Accept", "application/json", 406);
        call.requirePath("/api.xro/2.0/Invoices");
        if (++answers == 2) {
            put(1, "VOIDED", FIRST + 500L * 300); // moves to the end, and all others up by one
            return Reply.status(429, object()).header("Retry-After", "0").header("X-Rate-Limit-Problem", "minute");
        }
        String since = call.header("If-Modified-Since");
        long from = since == null
                ? 0
                : LocalDateTime.parse(since).toInstant(ZoneOffset.UTC).toEpochMilli();
        Comparator<ObjectNode> oldest = Comparator.comparingLong(Xero::updated);
        boolean isSorted = "UpdatedDateUTC ASC".equals(call.parameter("order"));
        List<ObjectNode> found = records().values().stream()
                .filter(each -> updated(each) > from)
                .sorted(isSorted ? oldest : oldest.reversed())
                .toList();
        int page = Integer.parseInt(call.needed("page"));
        return Reply.json(object().put("Status", "OK").set("Invoices", array(page(found, (page - 1) * 100, 100))));
    }

    private static long updated(ObjectNode invoice) {
        return Long.parseLong(invoice.path("UpdatedDateUTC").textValue().replaceAll("/Date\\((\\d+).*", "$1"));
    }

    @Override
    JsonNode error(String message) {
        return object().put("Title", message);
    }
}
