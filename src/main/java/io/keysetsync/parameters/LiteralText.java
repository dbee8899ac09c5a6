package io.keysetsync.parameters;

import io.keysetsync.ConfigurationException;
import java.util.regex.Pattern;

/**
 * Refuses text that Camel would change: a secret in a place that Camel itself reads, such as {@code camel.ssl.*}.
 * {@link LiteralSetting} reads such text unchanged.
 */
public final class LiteralText {

    private static final Pattern BACKSLASH_AT_END = Pattern.compile("\\\\.?\\z", Pattern.DOTALL);

    /** What helps against a value that Camel would change. */
    public static final String REMEDY =
            "in a route, name the setting by #property:KEY; elsewhere, choose another value";

    private LiteralText() {}

    /** Whether a text has a backslash as one of its last two characters: Camel drops it, and knows no escape for it. */
    public static boolean losesItsLastBackslash(String text) {
        return BACKSLASH_AT_END.matcher(text).find();
    }

    /**
     * Returns a text that Camel leaves as it is.
     *
     * @param origin what has the text, in words, for the error
     * @throws ConfigurationException if Camel would change the text; names nothing of it
     */
    public static String checked(String text, String origin) {
        if (text.contains("{{") || text.contains("}}")) {
            throw new ConfigurationException(
                    origin + " has double braces, which Camel would take for a placeholder; " + REMEDY);
        }
        if (losesItsLastBackslash(text)) {
            throw new ConfigurationException(origin + " has a backslash as one of its last two characters, which Camel"
                    + " would drop; " + REMEDY);
        }
        return text;
    }
}
