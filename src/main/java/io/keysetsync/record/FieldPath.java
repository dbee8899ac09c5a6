package io.keysetsync.record;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where a value is in a JSON document: a dotted path such as {@code result.items}; the empty path is the document.
 */
public record FieldPath(String dotted, JsonPointer pointer) {

    /** The path that {@code dotted} writes. */
    public static FieldPath of(String dotted) {
        JsonPointer pointer = JsonPointer.empty();
        if (!dotted.isEmpty()) {
            for (String field : dotted.split("\\.", -1)) {
                pointer = pointer.appendProperty(field);
            }
        }
        return new FieldPath(dotted, pointer);
    }

    /** The value in {@code document}; a missing node where there is none. */
    public JsonNode in(JsonNode document) {
        return document.at(pointer);
    }

    /** The field at the top of the document that has the value, or that leads to it; empty for the document itself. */
    public String top() {
        return pointer.matches() ? "" : pointer.getMatchingProperty();
    }

    /** Whether the value is a field at the top of the document. */
    public boolean isTop() {
        return !pointer.matches() && pointer.tail().matches();
    }
}
