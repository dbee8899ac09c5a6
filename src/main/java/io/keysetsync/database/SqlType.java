package io.keysetsync.database;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column as the database describes it.
 *
 * @param text the whole type in lower case, such as {@code timestamp(6) with time zone}
 * @param base without what is in parentheses, {@code timestamp with time zone}
 * @param first what is in parentheses, 6; null if nothing is
 * @param second what follows a comma in parentheses, or 0
 * @param collation of text, if it may make a difference to what is equal; otherwise null
 */
public record SqlType(String text, String base, @Nullable Integer first, int second, @Nullable String collation) {

    private static final Pattern PARENTHESES = Pattern.compile("\\s*\\((\\d+)(?:,\\s*(\\d+))?\\)");

    static SqlType parse(String described, @Nullable String collation) {
        String text = described.toLowerCase(Locale.ROOT).strip();
        Matcher matcher = PARENTHESES.matcher(text);
        if (!matcher.find()) {
            return new SqlType(text, text, null, 0, collation);
        }
        return new SqlType(
                text,
                (text.substring(0, matcher.start()) + text.substring(matcher.end())).strip(),
                Integer.valueOf(matcher.group(1)),
                matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)),
                collation);
    }

    int firstOr(int absent) {
        return first == null ? absent : first;
    }

    @Override
    public String toString() {
        return collation == null ? text : text + " collate " + collation;
    }
}
