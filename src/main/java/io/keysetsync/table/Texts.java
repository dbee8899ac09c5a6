package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Finds characters and nesting that JSON can have and databases can't store. */
final class Texts {

    private Texts() {}

    /** Why {@code text} can't be stored, or null if it can. */
    static @Nullable String problem(String text, boolean takesNul) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 && !takesNul) {
                return "has U+0000, which this database's text can't keep";
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return "has half of a surrogate pair, which UTF-8 can't express";
                }
                i++;
            }
        }
        return null;
    }

    /** Why a JSON value can't be stored, or null if it can. */
    static @Nullable String jsonProblem(JsonNode value, ValueLimits limits) {
        if (!limits.takesNul() && hasNul(value)) {
            return "has U+0000, which this database's JSON can't keep";
        }
        return limits.maxJsonDepth() != Integer.MAX_VALUE && depth(value) > limits.maxJsonDepth()
                ? "is nested deeper than the " + limits.maxJsonDepth() + " levels of this database's JSON"
                : null;
    }

    private static int depth(JsonNode value) {
        int deepest = 0;
        for (JsonNode each : value) {
            deepest = Math.max(deepest, depth(each));
        }
        return value.isContainerNode() ? deepest + 1 : 0;
    }

    /** Whether a text, or a field's name, anywhere in {@code value} has U+0000, which JSON writes as an escape. */
    private static boolean hasNul(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().indexOf(0) >= 0;
        }
        return value.properties().stream().anyMatch(field -> field.getKey().indexOf(0) >= 0)
                || StreamSupport.stream(value.spliterator(), false).anyMatch(Texts::hasNul);
    }
}
