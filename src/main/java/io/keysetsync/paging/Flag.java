package io.keysetsync.paging;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.Field;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A path whose value says yes or no: {@code false}, 0 and the text {@code false} are no.
 *
 * @param isNegated whether the path was written with {@code !} before it, so that the opposite holds
 */
public record Flag(Field path, boolean isNegated) {

    /**
     * Reads a field that may have {@code !} before it.
     *
     * @param reader reads the field
     * @throws IllegalArgumentException if the field can't be read
     */
    public static Flag of(String text, Function<String, Field> reader) {
        boolean isNegated = text.startsWith("!");
        String path = isNegated ? text.substring(1) : text;
        if (path.isBlank()) {
            throw new IllegalArgumentException("needs a path");
        }
        return new Flag(reader.apply(path), isNegated);
    }

    /** What the flag says of a document; null if the flag is missing or null. */
    @Nullable
    Boolean in(JsonNode document) {
        JsonNode value = path.in(document);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return isYes(value) != isNegated;
    }

    static boolean isYes(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue().signum() != 0;
        }
        return value.isBoolean()
                ? value.booleanValue()
                : !(value.isTextual() && value.textValue().equals("false"));
    }

    @Override
    public String toString() {
        return (isNegated ? "!" : "") + path.text();
    }
}
