package io.keysetsync.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/**
 * A request for a page.
 *
 * @param cursor of the scroll's first request, as it is sent; null or empty to send none
 * @param until the end of the time that the scroll asks for, as it is sent; null to send none
 * @param continuesScroll whether a request of the same scroll came before
 * @param token what {@code scrollParam} carries, a text or a number: a token, a page's number, an offset or a record's
 *     value; null for none
 * @param link path and query of a URL that the API gave, to be asked for as they are; null for none
 */
public record PageRequest(
        @Nullable String cursor,
        @Nullable String until,
        boolean continuesScroll,
        @Nullable JsonNode token,
        @Nullable String link) {

    /** Asks for all that changed since a cursor: the first request of a scroll. */
    public static PageRequest since(@Nullable String cursor, @Nullable String until) {
        return new PageRequest(cursor, until, false, null, null);
    }

    /** This request with a token, as the first of its scroll. */
    public PageRequest startingAt(JsonNode first) {
        return new PageRequest(cursor, until, false, first, null);
    }

    /** Asks for the next page of this request's scroll by what leads to that page. */
    public PageRequest next(JsonNode next) {
        return new PageRequest(cursor, until, true, next, null);
    }

    /** A number as what leads to a page. */
    public static JsonNode number(long number) {
        return JsonNodeFactory.instance.numberNode(number);
    }

    /** Asks for the next page of this request's scroll by a URL's path and query. */
    public PageRequest following(String target) {
        return new PageRequest(cursor, until, true, null, target);
    }

    /** The cursor if one is sent; else null. */
    public @Nullable String sentCursor() {
        return cursor == null || cursor.isEmpty() ? null : cursor;
    }

    /** What leads to the page, as text; empty for the first request without one. */
    public String position() {
        return link != null ? link : token == null ? "" : token.asText();
    }
}
