package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.FieldPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says which records are deletions, and what a deletion does to its row.
 *
 * @param field where a record says whether it is a deletion
 * @param value that the field has in deletions; null if true or a time means a deletion
 */
public record Deletions(FieldPath field, @Nullable String value, Mode mode) {

    /** What a deletion does to its row. */
    public enum Mode {
        /** Marks the row in the column {@value #COLUMN}. */
        SOFT,
        /** Removes the row. */
        HARD
    }

    /** A path and a value; an equals sign in a quoted name is part of the path. */
    private static final Pattern PATH_AND_VALUE =
            Pattern.compile("((?:\\['(?:[^']|'')*']|\\[(?!')|[^=\\[])+)=(.*)", Pattern.DOTALL);

    /** Such as 0.0, which is rather no deletion than one in 1970. */
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+");

    /** The column that marks the rows of deleted records. */
    public static final String COLUMN = "_deleted";

    /**
     * Reads the parameter {@code deletedField}.
     *
     * @throws IllegalArgumentException if the path can't be read, or the value after the equals sign is missing
     */
    public static Deletions of(String deletedField, Mode mode) {
        Matcher matcher = PATH_AND_VALUE.matcher(deletedField);
        if (!matcher.matches()) {
            return new Deletions(FieldPath.of(deletedField), null, mode);
        }
        if (matcher.group(2).isBlank()) {
            throw new IllegalArgumentException("needs a value after =, as in status=cancelled");
        }
        return new Deletions(
                FieldPath.of(matcher.group(1).strip()), matcher.group(2).strip(), mode);
    }

    /**
     * Whether a record is a deletion: its field has the value that was given, or else is true, or the time at which the
     * record was deleted.
     *
     * @throws UnfitValueException if the field must be true or a time, and has a value that is neither that nor false, 0,
     *     empty or null
     */
    boolean isDeletion(JsonNode record) {
        JsonNode found = field.in(record);
        if (found.isMissingNode() || found.isNull()) {
            return false;
        }
        return value == null
                ? isTrueOrTime(found)
                : found.isValueNode() && found.asText().equals(value);
    }

    private static boolean isTrueOrTime(JsonNode value) {
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
