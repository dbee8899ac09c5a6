package io.keysetsync.table;

import java.util.Locale;
import java.util.regex.Pattern;

/** How a field's name becomes that of its column: the parameter {@code columnNames} of the sink. */
public enum ColumnNaming {
    /** The field's own name. */
    SAME,
    /** Small letters, with underscores between words: {@code createdAt} becomes {@code created_at}. */
    SNAKE;

    /** Before a capital that follows a small letter or a digit, and before the last of several capitals: HTTP|Status. */
    private static final Pattern WORD =
            Pattern.compile("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}_]+");

    /** The name of a field's column. */
    public String of(String field) {
        if (this == SAME) {
            return field;
        }
        String words = WORD.matcher(field).replaceAll("_");
        return BETWEEN_WORDS.matcher(words).replaceAll("_").toLowerCase(Locale.ROOT);
    }
}
