package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Google Search Console's analytics, by its reference ("Search analytics: query"): a POST; both dates are required, and
 * included; {@code startRow} counts from 0; rows have an array of keys, and are missing if there are none. The API may give
 * fewer rows than it is asked for.
 */
final class SearchConsole extends FurtherApi {

    private static final int MOST_OF_A_PAGE = 40;

    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);

    SearchConsole() {
        super("Google Search Console: analytics", "keys", "clicks");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 200; i++) {
            put(i, "" + i % 13, FIRST.plus(i / 7, ChronoUnit.DAYS));
            put(1_000 + i, "" + i % 13, today.minus(9 - i / 25, ChronoUnit.DAYS));
        }
    }

    @Override
    void change() {
        put(1_199, "500", today.minus(2, ChronoUnit.DAYS)); // the figures of a day that is some days old
        put(1_201, "501", today);
    }

    @Override
    ObjectNode written(Entry row) {
        ObjectNode written = object().put("clicks", Integer.parseInt(row.name()));
        written.putArray("keys").add(day(row).toString()).add("shoes " + row.id());
        return written;
    }

    private static LocalDate day(Entry row) {
        return LocalDate.ofInstant(row.at(), ZoneOffset.UTC);
    }

    @Override
    Reply answer(Call call) {
        if (call.path().equals("/oauth/token")) {
            return Reply.json(object().put("access_token", "ya29").put("expires_in", 3600));
        }
        call.require("Authorization", "Bearer ya29", 401);
        JsonNode body = call.body();
        if (!call.method().equals("POST") || body.path("startRow").isTextual()) {
            throw new Refusal(400, "a POST with a number as startRow is expected");
        }
        LocalDate from = LocalDate.parse(body.path("startDate").textValue());
        LocalDate to = LocalDate.parse(body.path("endDate").textValue());
        List<ObjectNode> found = found(row -> !day(row).isBefore(from) && !day(row).isAfter(to));
        List<ObjectNode> rows = page(found, body.path("startRow").intValue(), MOST_OF_A_PAGE);
        ObjectNode answer = object().put("responseAggregationType", "byProperty");
        return Reply.json(rows.isEmpty() ? answer : answer.set("rows", array(rows)));
    }
}
