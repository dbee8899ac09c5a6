package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Okta's system log, by its reference ("List all System Log events", "Polling requests"): {@code since} is included; without
 * an end of the time there is always a link to a next page, which is empty after the last event, and has another link.
 */
final class Okta extends FurtherApi {

    private static final int SIZE = 100;

    Okta() {
        super("Okta: system log", "uuid", "eventType");
    }

    @Override
    ObjectNode written(Entry event) {
        return object().put("uuid", "u-%03d".formatted(event.id()))
                .put("eventType", event.name())
                .put("published", event.at().toString().replace("Z", ".000Z"));
    }

    /** Events don't change. */
    @Override
    void change() {
        put(301, "user.session.end", FIRST.plusSeconds(300 / 7 * 60L));
        put(302, "user.session.start", FIRST.plusSeconds(86_400));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", SECRET, 401);
        call.requirePath("/okta_system_log");
        call.allowOnly("since", "sortOrder", "limit", "after");
        call.allowAtMost(1_000, "limit");
        if (!call.needed("sortOrder").equals("ASCENDING")) {
            throw new Refusal(400, "only an ascending log can be polled");
        }
        Instant since = Instant.parse(call.needed("since"));
        List<ObjectNode> found = found(event -> !event.at().isBefore(since));
        String after = Objects.requireNonNullElse(call.parameter("after"), "0_0");
        int from = Integer.parseInt(after.replaceFirst("_.*", ""));
        int given = Math.min(SIZE, found.size() - from);
        String next = (from + given) + "_" + (Integer.parseInt(after.replaceFirst(".*_", "")) + 1);
        return Reply.json(array(page(found, from, SIZE)))
                .header("Link", "<https://example.okta.com" + call.targetWith("after", next) + ">; rel=\"next\"");
    }
}
