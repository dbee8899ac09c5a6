package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The messages of a Slack channel, by its reference ("conversations.history", "Pagination"): newest first; {@code oldest}
 * is left out unless {@code inclusive=true}; all errors have {@code ok: false} under status 200; the cursor is an empty
 * text on the last page.
 */
final class SlackMessages extends PlayedApi {

    private static final long FIRST = 1_709_287_200;

    private int answers;

    @Override
    String heading() {
        return "Slack: messages of a channel";
    }

    @Override
    String schema() {
        return """
                {"table": "slack_messages", "primary_key": ["ts"],
                 "columns": {"ts": "STRING", "text": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("ts", "text");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.slack.token", "xoxb-0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 900; i++) {
            put(FIRST + 3_600L * (i / 2), i, "message " + i);
        }
    }

    @Override
    void change() {
        put(FIRST + 3_600L * 445, 890, "message 890, edited");
        put(FIRST + 3_600L * 450, 900, "message 900, edited");
        put(FIRST + 3_600L * 450, 901, "message 901");
    }

    private void put(long second, int number, String text) {
        String ts = "%d.%06d".formatted(second, number);
        put(ts, object().put("type", "message").put("ts", ts).put("text", text));
    }

    @Override
    Reply answer(Call call) {
        if (!call.path().equals("/api/conversations.history")) {
            return failed("unknown_method");
        }
        if (!"Bearer xoxb-0123".equals(call.header("Authorization"))) {
            return failed("not_authed");
        }
        if (!"C012AB3CD".equals(call.parameter("channel"))) {
            return failed("channel_not_found");
        }
        if (++answers == 2) {
            return failed("internal_error");
        }
        String oldest = call.parameter("oldest");
        if (oldest != null && !oldest.matches("\\d+(\\.\\d{1,6})?")) {
            return failed("invalid_ts_oldest");
        }
        int limit = call.number("limit", 100);
        if (limit > 999) {
            return failed("invalid_limit");
        }
        int least = "true".equals(call.parameter("inclusive")) ? 0 : 1;
        String cursor = call.parameter("cursor");
        List<ObjectNode> found = records().values().stream()
                .filter(message -> oldest == null || ts(message).compareTo(new BigDecimal(oldest)) >= least)
                .sorted(Comparator.comparing(SlackMessages::ts).reversed())
                .dropWhile(message -> cursor != null && ts(message).compareTo(new BigDecimal(cursor)) > 0)
                .toList();
        boolean hasMore = found.size() > limit;
        ObjectNode answer = object().put("ok", true).put("has_more", hasMore);
        answer.set("messages", array(page(found, 0, limit)));
        answer.putObject("response_metadata")
                .put("next_cursor", hasMore ? found.get(limit).path("ts").textValue() : "");
        return Reply.json(answer);
    }

    private static Reply failed(String error) {
        return Reply.json(object().put("ok", false).put("error", error));
    }

    private static BigDecimal ts(ObjectNode message) {
        return new BigDecimal(message.path("ts").textValue());
    }
}
