package io.keysetsync.paging;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises an error in an answer whose status says success: a value that is neither missing, null, false, 0 nor
 * empty; with {@code !} before the path, a value that is false.
 */
record ErrorField(Flag flag) {

    private static final int MAX_SHOWN = 300;

    /** The error that an answer has, in words; null if it has none. */
    @Nullable
    String in(JsonNode answer) {
        JsonNode value = flag.path().in(answer);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (flag.isNegated()) {
            return Flag.isYes(value) ? null : "its " + flag.path().text() + " is " + value + told(answer);
        }
        boolean isEmpty = value.isContainerNode()
                ? value.isEmpty()
                : value.isTextual() && value.textValue().isEmpty();
        return isEmpty || !Flag.isYes(value) ? null : shown(value);
    }

    /** What an answer says in one of the usual fields. */
    private static String told(JsonNode answer) {
        return Stream.of("error", "message", "errors", "error_description")
                .map(answer::path)
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .findFirst()
                .map(node -> ": " + shown(node))
                .orElse("");
    }

    private static String shown(JsonNode value) {
        JsonNode message = value.isArray() ? value.path(0).path("message") : value.path("message");
        String text = message.isTextual() ? message.textValue() : value.isTextual() ? value.textValue() : "" + value;
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
    }
}
