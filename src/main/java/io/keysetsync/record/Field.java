package io.keysetsync.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/** Where a JSON document has a value, or several: a path, or an expression that computes them. */
public interface Field {

    /** The field as it is written, in one line. */
    String text();

    /**
     * The value in a document, the first one if there are several; a missing node if there is none.
     *
     * @throws EvaluationException if an expression fails on the document
     */
    JsonNode in(JsonNode document);

    /**
     * All values in a document.
     *
     * @throws EvaluationException if an expression fails on the document
     */
    List<JsonNode> all(JsonNode document);

    /** The value in a document; a missing node also if an expression fails on it. */
    default JsonNode orMissing(JsonNode document) {
        try {
            return in(document);
        } catch (EvaluationException e) {
            return MissingNode.getInstance();
        }
    }

    /** The top-level member of the document that is the value or contains it; empty if there is none. */
    default String top() {
        return "";
    }

    /** Whether the value is a top-level member of the document. */
    default boolean isTop() {
        return false;
    }
}
