package io.keysetsync.record;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A dotted path to a value in a JSON document, such as {@code result.items}; the empty path is the document itself.
 */
public record FieldPath(String dotted, JsonPointer pointer) {

    /** Parses a dotted path. */
    public static FieldPath of(String dotted) {
        JsonPointer pointer = JsonPointer.empty();
        if (!dotted.isEmpty()) {
            for (String field : dotted.split("\\.", -1)) {
                pointer = pointer.appendProperty(field);
            }
        }
        return new FieldPath(dotted, pointer);
    }

    /** Finds the value in {@code document}; a missing node if the document lacks it. */
    public JsonNode in(JsonNode document) {
        return document.at(pointer);
    }

    /** The top-level field that is the value or contains it; empty for the document itself. */
    public String top() {
        return pointer.matches() ? "" : pointer.getMatchingProperty();
    }

    /** Whether the value is a top-level field. */
    public boolean isTop() {
        return !pointer.matches() && pointer.tail().matches();
    }
}
