package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One walk through the pages, from a request without a token to its last page. An API without tokens has one for each
 * request.
 */
final class Scroll {
    private final TokenKind kind;
    private final Map<String, String> filterText;
    private final Predicate<Row> filter;
    private final List<Row> snapshot;
    private final Set<String> used = new HashSet<>();
    private final Map<Integer, JsonNode> cycle = new HashMap<>();
    private int answered;

    /** @param filterText the filter's parameters as they were sent */
    Scroll(Scenario api, Map<String, String> filterText, Predicate<Row> filter) {
        this.kind = api.tokens();
        this.filterText = filterText;
        this.filter = filter;
        this.snapshot = kind == TokenKind.OPAQUE ? api.feed().select(filter, api.order()) : List.of();
    }

    /** Whether one more request, with this token, is one too many. */
    boolean refuses(Scenario api, String token) {
        return answered >= api.tokensLast() || (!used.add(token) && api.areTokensUsableOnce());
    }

    Map<String, String> filterText() {
        return filterText;
    }

    void countAnswer() {
        answered++;
    }

    /** The tokens of a cycle, by their place in it. */
    Map<Integer, JsonNode> cycle() {
        return cycle;
    }

    /** The records from this position to the end. */
    List<Row> rest(Scenario api, Position at) {
        Row last = at.last();
        return switch (kind) {
            case OPAQUE -> from(snapshot, api.tokenCycle() > 0 ? wrapped(at.served()) : at.served());
            case OFFSET_LIVE -> from(api.feed().select(filter, api.order()), at.served());
            case TIMESTAMP_LOSSY ->
                api.feed().select(filter.and(row -> last == null || api.byTime().compare(row, last) > 0), api.order());
            case KEYSET ->
                api.feed().select(filter.and(row -> last == null || api.order().compare(row, last) > 0), api.order());
        };
    }

    private int wrapped(int served) {
        return snapshot.isEmpty() ? 0 : served % snapshot.size();
    }

    private static List<Row> from(List<Row> rows, int index) {
        return rows.subList(Math.min(index, rows.size()), rows.size());
    }
}
