package io.keysetsync.cli.output;

import java.util.Locale;
import org.jline.utils.WCWidth;

/** The terminal to which a command prints: how wide it is, and how wide a text is on it. */
final class Terminal {

    private static final String ELLIPSIS = "…";

    private Terminal() {}

    /** How many characters a line may have. The start script knows; if the output is no terminal, nothing limits it. */
    static int width() {
        int columns = Integer.getInteger("keyset-sync.columns", 0);
        return columns > 0 ? columns : Integer.MAX_VALUE;
    }

    /**
     * A text in one line that is safe to print: control characters, and those that would change the direction of what
     * follows, are escaped as in JSON.
     */
    static String safe(String text) {
        if (text.codePoints().noneMatch(Terminal::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                case '\t' -> safe.append("\\t");
                default -> {
                    if (isUnsafe(c)) {
                        safe.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        safe.appendCodePoint(c);
                    }
                }
            }
        });
        return safe.toString();
    }

    private static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> c != 0x200d && c != 0x200c; // which join letters and emoji
            default -> false;
        };
    }

    /** The columns of the terminal that a safe text takes: two for each Chinese character, none for an accent by itself. */
    static int width(String text) {
        return text.codePoints().map(Terminal::width).sum();
    }

    private static int width(int c) {
        return Math.max(0, WCWidth.wcwidth(c));
    }

    /** The text if it fits into the width, else its beginning and {@code …}. */
    static String shortened(String text, int width) {
        if (text.length() * 2L <= width || width(text) <= width) {
            return text;
        }
        int end = 0;
        int taken = width(ELLIPSIS);
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (taken + width(c) > width) {
                break;
            }
            taken += width(c);
            end += Character.charCount(c);
        }
        return text.substring(0, end) + ELLIPSIS;
    }
}
