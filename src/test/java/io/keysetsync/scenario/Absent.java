package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** How a response writes that there is nothing: no records in a page, or no further token. */
public enum Absent {
    /** {@code []} for records, {@code ""} for a token. */
    EMPTY,

    /** {@code null}. */
    NULL,

    /** The field is left out. */
    MISSING;

    JsonNode instead(JsonNode empty) {
        return switch (this) {
            case EMPTY -> empty;
            case NULL -> JsonNodeFactory.instance.nullNode();
            case MISSING -> JsonNodeFactory.instance.missingNode();
        };
    }
}
