package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.FieldPath;
import java.util.regex.Pattern;

/**
 * Says which records are deletions, and what a deletion does to its row.
 *
 * @param field where a record says whether it is a deletion
 */
public record Deletions(FieldPath field, Mode mode) {

    /** What a deletion does to its row. */
    public enum Mode {
        /** Marks the row in the column {@value #COLUMN}. */
        SOFT,
        /** Removes the row. */
        HARD
    }

    /** Such as 0.0, which is rather no deletion than one in 1970. */
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+");

    /** The column that marks the rows of deleted records. */
    public static final String COLUMN = "_deleted";

    /**
     * Whether a record is a deletion: its field is true, or the time at which it was deleted.
     *
     * @throws UnfitValueException if the field has a value that is neither that nor false, 0, empty or null
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
                    if (!DECIMAL.matcher(text).matches() && CursorFormat.DEFAULT.read(value) != null) {
                        return true;
                    }
                }
            }
        }
        throw new UnfitValueException(
                "a deletion", value, CompactDate.is(value) ? CompactDate.REASON : "neither true, false, nor a time");
    }
}
