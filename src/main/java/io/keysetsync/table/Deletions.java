package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.Position;
import io.keysetsync.record.FieldPath;

/**
 * Which records are deletions, and what they do.
 *
 * @param field where a record says that it is one
 */
public record Deletions(FieldPath field, Mode mode) {

    /** What a deletion does to its row. */
    public enum Mode {
        /** It is marked in the column {@value #COLUMN}. */
        SOFT,
        /** It is removed. */
        HARD
    }

    /** The column that marks the rows of deleted records. */
    public static final String COLUMN = "_deleted";

    /**
     * Whether a record is a deletion: its field is true, or the time at which it was deleted.
     *
     * @throws UnfitValueException if the field is anything else than that, false, 0, empty, null or missing
     */
    boolean isDeletion(JsonNode record) {
        JsonNode value = field.in(record);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isTextual() || value.isIntegralNumber()) {
            String text = value.asText();
            switch (text) {
                case "", "false", "0" -> {
                    return false;
                }
                case "true" -> {
                    return true;
                }
                default -> {
                    if (Position.of(value) != null) {
                        return true;
                    }
                }
            }
        }
        throw new UnfitValueException("a deletion", value, "neither true, false, nor a time");
    }
}
