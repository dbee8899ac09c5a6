package io.keysetsync.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.keysetsync.record.EvaluationException;
import io.keysetsync.record.Field;
import io.keysetsync.record.FieldPath;
import java.util.List;

/** A field that an expression in jq computes, written with {@value #PREFIX} before it. */
public final class JqField implements Field {

    private static final String PREFIX = "jq:";

    private final String text;
    private final JqExpression expression;

    private JqField(String text) {
        this.text = text.replace('\n', ' ');
        this.expression = JqExpression.compile(text.substring(PREFIX.length()));
    }

    /**
     * Reads a field: an expression if it begins with {@value #PREFIX}, else a path.
     *
     * @throws IllegalArgumentException if it can't be read; the message says why, as a predicate of the field
     */
    public static Field of(String text) {
        return text.startsWith(PREFIX) ? new JqField(text) : FieldPath.of(text);
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public JsonNode in(JsonNode document) {
        List<JsonNode> all = all(document);
        return all.isEmpty() ? MissingNode.getInstance() : all.get(0);
    }

    @Override
    public List<JsonNode> all(JsonNode document) {
        try {
            return expression.all(document);
        } catch (EvaluationException e) {
            throw new EvaluationException("'" + text + "' fails: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
