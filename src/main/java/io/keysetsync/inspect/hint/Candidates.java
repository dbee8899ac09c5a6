package io.keysetsync.inspect.hint;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.paging.PageFormat;
import io.keysetsync.record.FieldPath;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Suggests parameters by the fields that an answer has. */
public record Candidates(PageFormat format, @Nullable JsonNode body) {

    private static final int MAX_CANDIDATES = 5;

    /** Where records may be if there are none, else where their cursors may be; empty if there is no answer. */
    public String advice() {
        if (body == null) {
            return "";
        }
        JsonNode records = format.recordsField().orMissing(body);
        JsonNode record =
                records.isObject() && !(format.recordsField() instanceof FieldPath) ? records : records.path(0);
        if (record.isMissingNode()) {
            return suggestion("recordsField", arrays("", body));
        }
        return suggestion(
                "cursorField",
                record.properties().stream()
                        .filter(field -> format.cursor().read(field.getValue()) != null)
                        .map(Map.Entry::getKey));
    }

    private static Stream<String> arrays(String path, JsonNode node) {
        if (node.isArray()) {
            return Stream.of(path);
        }
        return node.properties().stream()
                .flatMap(field ->
                        arrays(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue()));
    }

    private static String suggestion(String parameter, Stream<String> values) {
        List<String> found = values.limit(MAX_CANDIDATES)
                .map(value -> value.isEmpty() ? "empty" : value)
                .toList();
        return found.isEmpty() ? "check " + parameter : parameter + " may be " + String.join(" or ", found);
    }
}
