package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.util.List;

/**
 * Auth0's logs, by its reference ("Get log events by checkpoint"): {@code from} is the id of a log, which is left out
 * itself; without it the list begins with the oldest log; {@code take} is 100 at most. A token is given for an audience.
 */
final class Auth0Logs extends FurtherApi {

    Auth0Logs() {
        super("Auth0: logs", "log_id", "type");
    }

    /** Logs don't change. */
    @Override
    void change() {
        put(301, "fp", FIRST.plusSeconds(300 / 7 * 60L));
        put(302, "s", FIRST.plusSeconds(86_400));
    }

    @Override
    ObjectNode written(Entry log) {
        return object().put("log_id", id(log))
                .put("type", log.name())
                .put("date", log.at().toString());
    }

    private static String id(Entry log) {
        return "90020250301%045d".formatted(log.id());
    }

    @Override
    Reply answer(Call call) {
        if (call.path().equals("/oauth/token")) {
            if (!call.body().asText().contains("audience=https%3A%2F%2Fexample.auth0.com%2Fapi%2Fv2%2F")) {
                throw new Refusal(403, "access_denied");
            }
            return Reply.json(object().put("access_token", "eyJ").put("expires_in", 3600));
        }
        call.require("Authorization", "Bearer eyJ", 401);
        call.allowOnly("from", "take");
        call.allowAtMost(100, "take");
        String from = call.query().containsKey("from") ? call.needed("from") : "";
        if (!from.isEmpty() && call.query().get("from").size() > 1) {
            throw new Refusal(400, "from is given twice");
        }
        List<ObjectNode> found = found(log -> id(log).compareTo(from) > 0);
        return Reply.json(array(page(found, 0, call.number("take", 50))));
    }
}
