package io.keysetsync.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.request.Placeholders.Name;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A JSON body with placeholders in its strings. A string that lacks a placeholder's value is left out, with its member.
 */
final class JsonTemplate {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonNode body;
    private final Set<Name> uses = EnumSet.noneOf(Name.class);

    /** The values of one request. */
    interface Values extends Placeholders.Values {

        /** The value as the whole of a string: a number, if it is one. */
        JsonNode whole(Name name, String value);
    }

    /**
     * Reads a body.
     *
     * @throws IllegalArgumentException naming what is almost a placeholder
     */
    JsonTemplate(JsonNode body) {
        this.body = body;
        collect(body);
    }

    private void collect(JsonNode node) {
        if (node.isTextual()) {
            uses.addAll(Placeholders.among(node.textValue()).names());
        }
        node.forEach(this::collect);
    }

    Set<Name> uses() {
        return uses;
    }

    /** Writes the body of a request. */
    String filled(Values values) {
        JsonNode filled = filled(body, values);
        return filled == null ? "null" : filled.toString();
    }

    private static @Nullable JsonNode filled(JsonNode node, Values values) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JSON.objectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode value = filled(member.getValue(), values);
                if (value != null) {
                    copy.set(member.getKey(), value);
                }
            }
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JSON.arrayNode();
            for (JsonNode element : array) {
                JsonNode value = filled(element, values);
                if (value != null) {
                    copy.add(value);
                }
            }
            return copy;
        }
        return node.isTextual() ? filled(node.textValue(), values) : node;
    }

    private static @Nullable JsonNode filled(String text, Values values) {
        Placeholders template = Placeholders.among(text);
        Name whole = template.whole();
        String filled = template.filled(values, UnaryOperator.identity());
        if (filled == null) {
            return null;
        }
        return whole == null ? TextNode.valueOf(filled) : values.whole(whole, filled);
    }
}
