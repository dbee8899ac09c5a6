package io.keysetsync.paging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.RetryableException;
import io.keysetsync.http.LinkHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what leads to the next page: a token, a URL, or a value of the page's last record. */
final class NextField {

    private final PageFormat format;

    NextField(PageFormat format) {
        this.format = format;
    }

    /**
     * What leads to the next page; null if there is nothing. Null and an empty text are nothing.
     *
     * @throws RetryableException if there is something else than a text or a number
     */
    @Nullable
    JsonNode in(JsonNode response, ArrayNode elements, List<String> links) {
        return switch (format.paging()) {
            case SCROLL -> textOrNumber(format.scrollField().in(response), "token");
            case LINK -> textOrNumber(link(format.scrollField().in(response)), "link");
            case LINK_HEADER -> text(LinkHeader.next(links));
            case LAST_RECORD -> ofLastRecord(elements);
            case PAGE, OFFSET -> null;
        };
    }

    private static @Nullable JsonNode text(@Nullable String text) {
        return text == null || text.isEmpty() ? null : TextNode.valueOf(text);
    }

    /** The URL in a list of links, of which each names its relation. */
    private static JsonNode link(JsonNode value) {
        if (!(value instanceof ArrayNode links)) {
            return value;
        }
        for (JsonNode link : links) {
            JsonNode relation = link.has("rel") ? link.path("rel") : link.path("relation");
            if (relation.asText("").equals("next")) {
                return link.has("href") ? link.path("href") : link.path("url");
            }
        }
        return links.path(links.size());
    }

    private @Nullable JsonNode ofLastRecord(ArrayNode elements) {
        for (int i = elements.size() - 1; i >= 0; i--) {
            if (!elements.get(i).isNull()) {
                return textOrNumber(format.scrollField().in(elements.get(i)), "text or number");
            }
        }
        return null;
    }

    private @Nullable JsonNode textOrNumber(JsonNode value, String what) {
        if (value.isTextual()) {
            return value.textValue().isEmpty() ? null : value;
        }
        if (value.isNumber()) {
            return value;
        }
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        throw new RetryableException("stream " + format.stream() + ": the response has no " + what + " in '"
                + format.scrollField().text() + "' but " + value.getNodeType()
                + "; if a flag tells where the list ends, name the flag in moreField");
    }
}
