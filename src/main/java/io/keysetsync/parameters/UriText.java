package io.keysetsync.parameters;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a value into a URI so that Camel leaves it as it is: Camel drops line breaks, takes two braces for a placeholder,
 * and before version 4.18 decodes {@code +} and {@code %} in the URI of a step. Each of these characters is replaced by one of
 * Unicode's private use, which no text has.
 */
public final class UriText {

    private static final String CHANGED = "\n+%}";
    private static final String CHANGED_IF_RAW = "\n}";
    private static final Pattern RAW = Pattern.compile("(RAW[({])(.*)([)}])", Pattern.DOTALL);
    private static final char PRIVATE_USE = '\uE000';

    private UriText() {}

    /** A value as it goes into a URI, which may be written as {@code RAW(…)}. Placeholders stay, as Camel has to find them. */
    public static String encoded(String value) {
        Matcher raw = RAW.matcher(value);
        return raw.matches()
                ? raw.group(1) + encoded(raw.group(2), CHANGED_IF_RAW) + raw.group(3)
                : encoded(value, CHANGED);
    }

    private static String encoded(String text, String changed) {
        StringBuilder encoded = new StringBuilder(text);
        boolean hasPlaceholder = text.contains("{{");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (changed.indexOf(c) >= 0 && !(c == '}' && hasPlaceholder)) {
                encoded.setCharAt(i, (char) (PRIVATE_USE + c));
            }
        }
        return encoded.toString();
    }

    /** The text as it was written. */
    static String decoded(String text) {
        String decoded = text;
        for (int i = 0; i < CHANGED.length(); i++) {
            char c = CHANGED.charAt(i);
            decoded = decoded.replace((char) (PRIVATE_USE + c), c);
        }
        return decoded;
    }
}
