package io.keysetsync.http;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the link to the next page in the header {@code Link} (RFC 8288). */
public final class LinkHeader {

    private final String text;
    private int at;

    private LinkHeader(String text) {
        this.text = text;
    }

    /**
     * Returns the link whose relation is {@code next}; null if there is none, or if the API says by
     * {@code results="false"}, as Sentry does, that the link leads to nothing.
     *
     * @param headerValues the values of all headers {@code Link} of a response
     */
    public static @Nullable String next(List<String> headerValues) {
        for (String value : headerValues) {
            String next = new LinkHeader(value).next();
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    private @Nullable String next() {
        while (skipTo('<')) {
            int begin = at + 1;
            if (!skipTo('>')) {
                return null;
            }
            String target = text.substring(begin, at++).strip();
            if (isNext(parameters()) && !target.isEmpty()) {
                return target;
            }
        }
        return null;
    }

    /** A link with an anchor is about another resource (RFC 8288, 3.2). */
    private static boolean isNext(Map<String, String> parameters) {
        List<String> relations = List.of(
                parameters.getOrDefault("rel", "").toLowerCase(Locale.ROOT).split("\\s+", -1));
        return relations.contains("next")
                && parameters.getOrDefault("anchor", "").isEmpty()
                && !parameters.getOrDefault("results", "").equalsIgnoreCase("false");
    }

    private boolean skipTo(char wanted) {
        int found = text.indexOf(wanted, at);
        at = found < 0 ? text.length() : found;
        return found >= 0;
    }

    /** The parameters up to the next link; of two with one name the first counts (RFC 8288, 3.3). */
    private Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        while (at < text.length() && text.charAt(at) != ',') {
            if (text.charAt(at) == ';') {
                at++;
                continue;
            }
            String name = upTo(",;=").strip().toLowerCase(Locale.ROOT);
            String value = "";
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                value = value();
            }
            parameters.putIfAbsent(name, value);
        }
        return parameters;
    }

    private String upTo(String ends) {
        int begin = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    private String value() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at >= text.length() || text.charAt(at) != '"') {
            return upTo(",;").strip();
        }
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
        }
        upTo(",;"); // the closing quote
        return value.toString();
    }
}
