package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The members of a Mailchimp list, by its reference ("List members info"): {@code since_last_changed} leaves the second
 * itself out; {@code count} and {@code offset}; sorted as asked. An import gave more members than a page the same second,
 * and while a list is read, members change that were read already, so that all behind them move up by one.
 */
final class MailchimpMembers extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final int MOVES = 4;

    private int answers;

    @Override
    String heading() {
        return "Mailchimp: members of a list";
    }

    @Override
    String schema() {
        return """
                {"table": "mailchimp_members", "primary_key": ["id"],
                 "columns": {"id": "STRING", "full_name": "STRING", "last_changed": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "full_name");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.mailchimp.key", "0123-us1");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 5_200; i++) {
            boolean isImported = i > 1_400 && i <= 3_800;
            put(i, "member " + i, FIRST.plusSeconds(isImported ? 1_500 : i));
        }
    }

    @Override
    void change() {
        put(7, "member 7, renamed", FIRST.plusSeconds(90_000));
        put(5_201, "member 5201", FIRST.plusSeconds(80_000)); // in the cursor's second
    }

    private void put(int number, String name, Instant changed) {
        String id = "%032x".formatted(number);
        put(
                id,
                object().put("id", id)
                        .put("full_name", name)
                        .put("last_changed", changed.toString().replace("Z", "+00:00")));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Basic YW55OjAxMjMtdXMx", 401); // any:0123-us1
        call.allowOnly("count", "offset", "sort_field", "sort_dir", "since_last_changed");
        if (!call.path().equals("/3.0/lists/a1b2c3d4e5/members")) {
            throw new Refusal(404, "Resource Not Found");
        }
        int count = call.number("count", 10);
        if (count > 1_000) {
            throw new Refusal(400, "count must be at most 1000");
        }
        String since = call.parameter("since_last_changed");
        Instant from = since == null ? Instant.MIN : OffsetDateTime.parse(since).toInstant();
        boolean isAscending =
                "last_changed".equals(call.parameter("sort_field")) && "ASC".equals(call.parameter("sort_dir"));
        Comparator<ObjectNode> order = Comparator.comparing(MailchimpMembers::changed);
        List<ObjectNode> found = records().values().stream()
                .filter(member -> changed(member).isAfter(from))
                .sorted(isAscending ? order : order.reversed())
                .toList();
        ObjectNode answer = object().put("total_items", found.size());
        answer.set("members", array(page(found, call.number("offset", 0), count)));
        if (++answers <= MOVES) {
            put(answers, "member " + answers + ", moved", FIRST.plusSeconds(80_000));
        }
        return Reply.json(answer);
    }

    private static Instant changed(ObjectNode member) {
        return OffsetDateTime.parse(member.path("last_changed").textValue()).toInstant();
    }

    @Override
    JsonNode error(String message) {
        return object().put("title", message);
    }
}
