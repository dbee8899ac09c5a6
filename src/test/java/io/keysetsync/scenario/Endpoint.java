package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The API's ordinary answers. Remembers the tokens it has given out; not safe for concurrent use. */
final class Endpoint {
    private final Map<String, Position> tokens = new HashMap<>();
    private int lastToken;

    Answer answer(Scenario api, Request request) {
        try {
            checkParameters(api, request);
            return Answer.json(200, page(api, position(api, request)));
        } catch (Refusal refusal) {
            return Answer.error(refusal.status, refusal.getMessage());
        }
    }

    private static void checkParameters(Scenario api, Request request) {
        refuseIf(!request.method().equals("GET"), 405, "Method " + request.method() + " is not allowed");
        request.parameters().forEach((name, values) -> {
            refuseIf(!api.allowsParameter(name), 400, "Unknown parameter " + name);
            boolean own = name.equals(api.cursorParam()) || name.equals(api.scrollParam());
            refuseIf(own && values.size() > 1, 400, "Parameter " + name + " comes twice");
        });
        boolean both = request.parameter(api.cursorParam()) != null && request.parameter(api.scrollParam()) != null;
        refuseIf(both, 400, api.cursorParam() + " and " + api.scrollParam() + " exclude each other");
    }

    private Position position(Scenario api, Request request) {
        String token = request.parameter(api.scrollParam());
        return token == null ? start(api, request) : follow(api, token);
    }

    private static Position start(Scenario api, Request request) {
        return Position.start(new Scroll(api, filter(api, request)), api.emptyPagesAfter(0));
    }

    private static Predicate<Row> filter(Scenario api, Request request) {
        String cursor = request.parameter(api.cursorParam());
        if (cursor == null) {
            return row -> true;
        }
        String refusal = "Parameter " + api.cursorParam() + " is not a time: " + cursor;
        refuseIf(!api.allowsCursor(cursor), 400, refusal);
        Instant since = CursorTime.read(cursor).orElseThrow(() -> new Refusal(400, refusal));
        return api.since(since);
    }

    private Position follow(Scenario api, String token) {
        Position position = tokens.get(token);
        if (position == null) {
            throw new Refusal(api.tokenRefusal(), "Unknown token " + token);
        }
        refuseIf(position.scroll().refuses(api, token), api.tokenRefusal(), "Expired token " + token);
        return position;
    }

    private JsonNode page(Scenario api, Position at) {
        List<Row> rest = at.scroll().rest(api, at);
        boolean empty = at.empties() > 0;
        List<Row> rows = empty ? List.of() : rest.subList(0, Math.min(api.pageSize(), rest.size()));
        Position next = empty ? at.afterEmptyPage() : at.after(rows, api.emptyPagesAfter(at.pages() + 1));
        boolean more = rest.size() > rows.size() || next.empties() > 0 || api.tokenCycle() > 0;
        at.scroll().countAnswer();
        return body(api, rows, more ? token(api, next) : api.lastToken().instead(TextNode.valueOf("")));
    }

    private static JsonNode body(Scenario api, List<Row> rows, JsonNode token) {
        ArrayNode records = Json.array();
        rows.forEach(row -> records.add(row.record().json(api.cursorField())));
        JsonNode written = rows.isEmpty() ? api.emptyRecords().instead(records) : records;
        if (api.recordsField().isEmpty()) {
            return written;
        }
        ObjectNode body = Json.object();
        Json.set(body, api.recordsField(), written);
        Json.set(body, api.scrollField(), token);
        return body;
    }

    private JsonNode token(Scenario api, Position position) {
        if (api.recordsField().isEmpty()) {
            return MissingNode.getInstance();
        }
        if (api.tokenCycle() == 0) {
            return freshToken(api, position);
        }
        int place = (position.answers() - 1) % api.tokenCycle();
        return position.scroll().cycle().computeIfAbsent(place, first -> freshToken(api, position));
    }

    private JsonNode freshToken(Scenario api, Position position) {
        JsonNode token = api.token(++lastToken);
        tokens.put(token.asText(), position);
        return token;
    }

    private static void refuseIf(boolean refused, int status, String message) {
        if (refused) {
            throw new Refusal(status, message);
        }
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refusal(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }
}
