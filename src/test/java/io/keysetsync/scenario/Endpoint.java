package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.scenario.Scenario.FilterWithToken;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The API's ordinary answers. Remembers the tokens it has given out; not safe for concurrent use. */
final class Endpoint {
    private final Map<String, Position> tokens = new HashMap<>();
    private int lastToken;

    Answer answer(Scenario api, Request request) {
        try {
            checkParameters(api, request);
            return page(api, request, position(api, request));
        } catch (Refusal refusal) {
            return Answer.error(refusal.status, refusal.getMessage());
        }
    }

    private static void checkParameters(Scenario api, Request request) {
        refuseIf(!request.method().equals("GET"), 405, "Method " + request.method() + " is not allowed");
        request.parameters().forEach((name, values) -> {
            refuseIf(!api.allowsParameter(name), 400, "Unknown parameter " + name);
            boolean own =
                    name.equals(api.cursorParam()) || name.equals(api.untilParam()) || name.equals(api.scrollParam());
            refuseIf(own && values.size() > 1, 400, "Parameter " + name + " comes twice");
        });
    }

    private Position position(Scenario api, Request request) {
        String token = request.parameter(api.scrollParam());
        return switch (api.nextPage()) {
            case PAGE -> skipping(api, request, token == null ? 0 : (number(token) - api.firstPage()) * api.pageSize());
            case OFFSET -> skipping(api, request, token == null ? 0 : number(token) - api.firstPage());
            case LAST_RECORD -> behind(api, request, token);
            default -> token == null ? start(api, request) : follow(api, request, token);
        };
    }

    private static int number(String text) {
        refuseIf(!text.matches("\\d{1,9}"), 400, "Not a number: " + text);
        return Integer.parseInt(text);
    }

    private static Position skipping(Scenario api, Request request, int records) {
        refuseIf(records < 0, 400, "There is no such page");
        Position start = start(api, request);
        boolean past = records > 0 && start.scroll().rest(api, start).size() <= records;
        refuseIf(past && api.pastEnd() != 200, api.pastEnd(), "There is no such page");
        return new Position(start.scroll(), 0, 0, 0, records, null);
    }

    private static Position behind(Scenario api, Request request, @Nullable String value) {
        Position start = start(api, request);
        if (value == null) {
            return start;
        }
        Row last = api
                .feed()
                .select(
                        row -> Json.at(row.record().json(api.cursorField()), api.scrollField())
                                .asText()
                                .equals(value),
                        api.order())
                .stream()
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new Refusal(api.tokenRefusal(), "Unknown record " + value));
        return new Position(start.scroll(), 0, 0, 0, 0, last);
    }

    private static Position start(Scenario api, Request request) {
        Map<String, String> text = filterText(api, request);
        return Position.start(new Scroll(api, text, filter(api, text)), api.emptyPagesAfter(0));
    }

    private static Map<String, String> filterText(Scenario api, Request request) {
        Map<String, String> text = new LinkedHashMap<>();
        for (String name : List.of(api.cursorParam(), api.untilParam())) {
            String value = request.parameter(name);
            if (value != null) {
                text.put(name, value);
            }
        }
        return text;
    }

    private static Predicate<Row> filter(Scenario api, Map<String, String> text) {
        Predicate<Row> filter = row -> true;
        for (Map.Entry<String, String> each : text.entrySet()) {
            if (api.areUnreadableFiltersIgnored()
                    && api.filterTime(each.getValue()).isEmpty()) {
                continue;
            }
            Instant time = api.filterTime(each.getValue())
                    .orElseThrow(() ->
                            new Refusal(400, "Parameter " + each.getKey() + " is not a time: " + each.getValue()));
            filter = filter.and(each.getKey().equals(api.untilParam()) ? api.until(time) : api.since(time));
        }
        return filter;
    }

    private Position follow(Scenario api, Request request, String token) {
        Map<String, String> filter = filterText(api, request);
        FilterWithToken beside = api.filterWithToken();
        refuseIf(!filter.isEmpty() && beside == FilterWithToken.REFUSED, 400, "Filter and token exclude each other");
        if (!filter.isEmpty() && beside == FilterWithToken.INSTEAD) {
            return start(api, request);
        }
        Position position = tokens.get(token);
        if (position == null) {
            throw new Refusal(api.tokenRefusal(), "Unknown token " + token);
        }
        boolean same = beside != FilterWithToken.REQUIRED
                || filter.equals(position.scroll().filterText());
        refuseIf(!same, 400, "Not the filter of the scroll's first request: " + filter);
        refuseIf(position.scroll().refuses(api, token), api.tokenRefusal(), "Expired token " + token);
        return beside == FilterWithToken.FORGOTTEN
                ? position.in(new Scroll(api, filter, filter(api, filter)))
                : position;
    }

    private Answer page(Scenario api, Request request, Position at) {
        List<Row> rest = at.scroll().rest(api, at);
        boolean empty = at.empties() > 0;
        List<Row> rows = empty ? List.of() : rest.subList(0, Math.min(api.pageSize(), rest.size()));
        Position next = empty ? at.afterEmptyPage() : at.after(rows, api.emptyPagesAfter(at.pages() + 1));
        boolean more = rest.size() > rows.size() || next.empties() > 0 || api.tokenCycle() > 0;
        at.scroll().countAnswer();
        JsonNode token = api.nextPage().hasTokens() && (more || api.isEndless())
                ? token(api, next)
                : api.isNextNumberTold() && more ? nextNumber(api, next) : null;
        Answer answer = Answer.json(200, body(api, request, rows, token, at.scroll(), more));
        return token != null && (api.nextPage() == NextPage.LINK_HEADER || api.isNextNumberTold())
                ? answer.header("Link", "<" + link(api, request, token, at.scroll()) + ">; rel=\"next\"")
                : answer;
    }

    private static JsonNode body(
            Scenario api, Request request, List<Row> rows, @Nullable JsonNode token, Scroll scroll, boolean more) {
        ArrayNode records = Json.array();
        rows.forEach(row -> records.add(row.record().json(api.cursorField())));
        JsonNode written = rows.isEmpty() ? api.emptyRecords().instead(records) : records;
        if (api.recordsField().isEmpty()) {
            return written;
        }
        ObjectNode body = Json.object();
        Json.set(body, api.recordsField(), written);
        switch (api.nextPage()) {
            case TOKEN -> Json.set(body, api.scrollField(), token == null ? noToken(api) : token);
            case LINK, RELATIVE_LINK ->
                Json.set(
                        body,
                        api.scrollField(),
                        token == null ? noToken(api) : TextNode.valueOf(link(api, request, token, scroll)));
            case LINK_LIST -> Json.set(body, api.scrollField(), links(api, request, token, scroll));
            case PAGE, OFFSET -> {
                if (api.isNextNumberTold()) {
                    Json.set(body, api.scrollField(), token == null ? noToken(api) : token);
                }
            }
            case LINK_HEADER, LAST_RECORD -> {}
        }
        String flag = api.moreField();
        if (!flag.isEmpty()) {
            boolean negated = flag.startsWith("!");
            Json.set(body, negated ? flag.substring(1) : flag, BooleanNode.valueOf(more != negated));
        }
        return body;
    }

    private static JsonNode noToken(Scenario api) {
        return api.lastToken().instead(TextNode.valueOf(""));
    }

    private static ArrayNode links(Scenario api, Request request, @Nullable JsonNode token, Scroll scroll) {
        ArrayNode links = Json.array();
        links.addObject().put("rel", "self").put("href", request.target());
        if (token != null) {
            links.addObject().put("rel", "next").put("href", link(api, request, token, scroll));
        }
        return links;
    }

    private static String link(Scenario api, Request request, JsonNode token, Scroll scroll) {
        StringBuilder link = new StringBuilder(
                api.nextPage() == NextPage.RELATIVE_LINK ? "" : "http://" + request.header("host") + request.path());
        link.append('?').append(encoded(api.scrollParam(), token.asText()));
        if (api.isFilterLinked()) {
            scroll.filterText().forEach((name, value) -> link.append('&').append(encoded(name, value)));
        }
        return link.toString();
    }

    private static String encoded(String name, String value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static JsonNode nextNumber(Scenario api, Position next) {
        int pages = api.nextPage() == NextPage.PAGE ? next.served() / api.pageSize() : next.served();
        return IntNode.valueOf(api.firstPage() + pages);
    }

    private JsonNode token(Scenario api, Position position) {
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
