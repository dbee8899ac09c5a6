package io.keysetsync.jq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.paging.PageJson;
import java.math.BigDecimal;
import java.util.Map;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.exception.JsonQueryTypeException;

/** Numbers that keep their digits, of which the library would make doubles. */
final class Numbers {

    private static final JsonMapper JSON = new PageJson();

    /** The most characters of a number in a text, as in a page. */
    private static final int MAX_LENGTH = 1000;

    /** Doubles below this are written without a fraction if they have none. */
    private static final double MAX_WHOLE = 1e17;

    private Numbers() {}

    /**
     * Writes the doubles that a calculation has left as jq does: 3.0 is 3, and what is not a number is null. Only nodes
     * that the expression itself has made hold doubles, so they can be changed.
     */
    static JsonNode plain(JsonNode result) {
        if (result instanceof DoubleNode number) {
            return plain(number);
        }
        if (result instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode value = member.getValue();
                JsonNode plain = plain(value);
                if (!plain.equals(value)) {
                    member.setValue(plain);
                }
            }
        } else if (result instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                JsonNode plain = plain(value);
                if (!plain.equals(value)) {
                    array.set(i, plain);
                }
            }
        }
        return result;
    }

    private static JsonNode plain(DoubleNode number) {
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            return NullNode.instance;
        }
        if (Double.isInfinite(value)) {
            return DoubleNode.valueOf(Math.copySign(Double.MAX_VALUE, value));
        }
        return value == Math.rint(value) && Math.abs(value) < MAX_WHOLE ? LongNode.valueOf((long) value) : number;
    }

    /** The number that a text has, with all its digits. */
    static JsonNode ofText(JsonNode value) throws JsonQueryException {
        if (value.isNumber()) {
            return value;
        }
        try {
            if (value.isTextual() && value.textValue().length() <= MAX_LENGTH) {
                BigDecimal number = new BigDecimal(value.textValue().strip());
                return number.scale() == 0
                        ? BigIntegerNode.valueOf(number.unscaledValue())
                        : DecimalNode.valueOf(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the one error for all
        }
        throw new JsonQueryTypeException("%s cannot be parsed as a number", value);
    }

    /** The JSON that a text has, with all digits of its numbers. */
    static JsonNode parsed(JsonNode text) throws JsonQueryException {
        if (text.isTextual()) {
            try {
                JsonNode value = JSON.readTree(text.textValue());
                if (!value.isMissingNode()) {
                    return value;
                }
            } catch (JsonProcessingException e) {
                // falls through to the one error for all
            }
        }
        throw new JsonQueryTypeException("%s cannot be parsed as JSON", text);
    }
}
