package io.keysetsync.parameters;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.Pair;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The text {@code #property:KEY}, by which a parameter names a setting. Camel would read such a setting when it makes the
 * endpoint, although only the Kamelet's route has a use for the value, and would resolve what looks like a placeholder in
 * the value. So Camel gets {@code literal:#property:KEY}, which Camel leaves alone.
 */
public final class SettingReference {

    private static final String REFERENCE = "#property:";

    private static final String KEPT = "literal:" + REFERENCE;

    /** Not those that the Kamelet's template hands to an endpoint of Camel's, which reads the setting. */
    private static final Pattern IN_URI = Pattern.compile(
            "(?<=&|^[^?]{1,300}\\?)(?!stream=|url=|schedule=)[A-Za-z-]+=(?:RAW[({])?(?=" + REFERENCE + ")");

    private SettingReference() {}

    /** The name of the setting that a text refers to; null if the text is no reference. */
    public static @Nullable String key(String text) {
        String reference = text.startsWith(KEPT) ? KEPT : REFERENCE;
        return text.startsWith(reference) ? text.substring(reference.length()) : null;
    }

    /** Returns the URI of a Kamelet with references that Camel leaves alone. */
    public static String kept(String uri) {
        List<Pair<Integer>> raw = URISupport.scanRaw(uri);
        Matcher parameter = IN_URI.matcher(uri);
        return parameter.replaceAll(found -> Matcher.quoteReplacement(
                URISupport.isRaw(found.start(), raw) ? found.group() : found.group() + "literal:"));
    }
}
