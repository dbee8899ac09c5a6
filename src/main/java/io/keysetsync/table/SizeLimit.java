package io.keysetsync.table;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The longest value that a column can hold.
 *
 * @param length of the longest value; {@link Integer#MAX_VALUE} if only the size of a statement limits it
 * @param unit what is counted
 */
public record SizeLimit(int length, Unit unit) {

    /** What a length counts. */
    public enum Unit {
        CHARACTERS,
        BYTES
    }

    /** No limit but the database's own on a statement. */
    public static final SizeLimit NONE = new SizeLimit(Integer.MAX_VALUE, Unit.CHARACTERS);

    /** A limit in characters. */
    public static SizeLimit characters(int length) {
        return new SizeLimit(length, Unit.CHARACTERS);
    }

    /** A limit in bytes. */
    public static SizeLimit bytes(int length) {
        return new SizeLimit(length, Unit.BYTES);
    }

    /** Why a canonical text of a type is too long, or null if it isn't. */
    @Nullable
    String problem(String text, ColumnType type) {
        if (length == Integer.MAX_VALUE || !type.hasLength()) {
            return null;
        }
        boolean isBinary = type.kind() == ColumnType.Kind.BINARY;
        if ((isBinary ? text.length() / 2L : text.length()) <= (unit == Unit.BYTES ? length / 4 : length)) {
            return null; // most values are far from it
        }
        int actual = isBinary
                ? text.length() / 2
                : unit == Unit.BYTES
                        ? text.getBytes(StandardCharsets.UTF_8).length
                        : text.codePointCount(0, text.length());
        return actual <= length
                ? null
                : "has " + actual + (isBinary || unit == Unit.BYTES ? " bytes" : " characters")
                        + ", and the column takes " + length;
    }
}
