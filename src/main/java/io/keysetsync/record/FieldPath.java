package io.keysetsync.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path to values in a JSON document; the empty path is the document itself.
 *
 * <p>Steps are separated by dots: {@code result.items}. A name that has a dot, a bracket or a quote, or that is
 * {@code *}, is quoted in brackets, a quote in it doubled: {@code a['@odata.nextLink'].b}. A number is an element of an
 * array, or the member of that name of an object. {@code *} is every element of an array or value of an object.
 */
public final class FieldPath implements Field {

    /**
     * A step of a path.
     *
     * @param name of an object's member; null for all elements or values
     * @param index of an array's element; -1 for none
     * @param from where the step begins in the path's text, with the dot or bracket before it
     */
    private record Step(@Nullable String name, int index, int from) {

        JsonNode in(JsonNode node) {
            if (node.isObject()) {
                return node.path(name);
            }
            return index >= 0 && node.isArray() ? node.path(index) : MissingNode.getInstance();
        }
    }

    private static final int MAX_INDEX_DIGITS = 9;

    /** A name that needs no quotes. */
    private static final Pattern PLAIN_NAME = Pattern.compile("(?!\\*$)[^.\\[\\]']+");

    private final String dotted;
    private final List<Step> steps;
    /** The name if the path is one name alone, as the paths of most records' cursors are. */
    private final @Nullable String only;

    private FieldPath(String dotted, List<Step> steps) {
        this.dotted = dotted;
        this.steps = steps;
        this.only = steps.size() == 1 && steps.get(0).index() < 0 ? steps.get(0).name() : null;
    }

    /**
     * Parses a path.
     *
     * @throws IllegalArgumentException if it can't be read; the message says why, as a predicate of the path
     */
    public static FieldPath of(String text) {
        return new FieldPath(text, List.copyOf(new Parser(text).steps()));
    }

    /** The text of the path of a member of an object that itself is at a path; an empty path is the document. */
    public static String child(String parent, String name) {
        String step = PLAIN_NAME.matcher(name).matches() ? name : "['" + name.replace("'", "''") + "']";
        return parent.isEmpty() || step.startsWith("[") ? parent + step : parent + "." + step;
    }

    @Override
    public String text() {
        return dotted;
    }

    /**
     * Finds the value in {@code document}; a missing node if the document lacks it. If the path has a wildcard, this is
     * the first match.
     */
    @Override
    public JsonNode in(JsonNode document) {
        if (only != null) {
            return document.path(only);
        }
        return hasWildcard() ? first(document, 0) : value(document, 0);
    }

    private JsonNode value(JsonNode from, int step) {
        JsonNode value = from;
        for (int i = step; i < steps.size(); i++) {
            value = steps.get(i).in(value);
        }
        return value;
    }

    private JsonNode first(JsonNode node, int from) {
        JsonNode value = node;
        for (int i = from; i < steps.size(); i++) {
            if (steps.get(i).name() == null) {
                for (JsonNode each : value) {
                    JsonNode match = first(each, i + 1);
                    if (!match.isMissingNode()) {
                        return match;
                    }
                }
                return MissingNode.getInstance();
            }
            value = steps.get(i).in(value);
        }
        return value;
    }

    /**
     * Finds every match in the document's order. A path without a wildcard has one match at most, none if its value is
     * null. A wildcard has no match in null, a missing value, a text or a number; its matches may be null.
     */
    @Override
    public List<JsonNode> all(JsonNode document) {
        if (!hasWildcard()) {
            JsonNode value = in(document);
            return value.isMissingNode() || value.isNull() ? List.of() : List.of(value);
        }
        List<JsonNode> matches = new ArrayList<>();
        collect(document, 0, matches);
        return matches;
    }

    private void collect(JsonNode node, int from, List<JsonNode> matches) {
        JsonNode value = node;
        for (int i = from; i < steps.size(); i++) {
            if (steps.get(i).name() == null) {
                for (JsonNode each : value) {
                    collect(each, i + 1, matches);
                }
                return;
            }
            value = steps.get(i).in(value);
        }
        if (!value.isMissingNode()) {
            matches.add(value);
        }
    }

    /** Whether the path has a {@code *}, and so may have several matches. */
    public boolean hasWildcard() {
        return wildcard() >= 0;
    }

    /** The path up to its first {@code *}; this path if it has none. */
    public FieldPath base() {
        int at = wildcard();
        return at < 0 ? this : new FieldPath(dotted.substring(0, steps.get(at).from()), steps.subList(0, at));
    }

    private int wildcard() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).name() == null) {
                return i;
            }
        }
        return -1;
    }

    /** {@inheritDoc} It is empty for the document itself, and for every field. */
    @Override
    public String top() {
        String name = steps.isEmpty() ? null : steps.get(0).name();
        return name == null ? "" : name;
    }

    @Override
    public boolean isTop() {
        return steps.size() == 1 && !hasWildcard();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldPath path && path.dotted.equals(dotted);
    }

    @Override
    public int hashCode() {
        return dotted.hashCode();
    }

    @Override
    public String toString() {
        return dotted;
    }

    /** Reads the steps of a path from left to right. */
    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Step> steps() {
            List<Step> steps = new ArrayList<>();
            while (at < text.length()) {
                int from = at;
                if (text.charAt(at) == '[') {
                    steps.add(new Step(quoted(), -1, from));
                    continue;
                }
                if (!steps.isEmpty()) {
                    if (text.charAt(at) != '.') {
                        throw new IllegalArgumentException("needs a dot after ]");
                    }
                    at++;
                    if (at < text.length() && text.charAt(at) == '[') {
                        steps.add(new Step(quoted(), -1, from));
                        continue;
                    }
                }
                steps.add(plain(from));
            }
            return steps;
        }

        private Step plain(int from) {
            int end = at;
            while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                end++;
            }
            String name = text.substring(at, end);
            at = end;
            if (name.isEmpty()) {
                throw new IllegalArgumentException("has an empty step; quote an empty name as ['']");
            }
            return name.equals("*") ? new Step(null, -1, from) : new Step(name, index(name), from);
        }

        private String quoted() {
            if (!text.startsWith("['", at)) {
                throw new IllegalArgumentException("has a [ without a quoted name such as ['a.b'] in it; an element is"
                        + " a number after a dot, as in items.0");
            }
            StringBuilder name = new StringBuilder();
            for (int i = at + 2; i < text.length(); i++) {
                if (text.charAt(i) != '\'') {
                    name.append(text.charAt(i));
                } else if (text.startsWith("''", i)) {
                    name.append('\'');
                    i++;
                } else if (text.startsWith("']", i)) {
                    at = i + 2;
                    return name.toString();
                } else {
                    throw new IllegalArgumentException("has no ] after a quoted name; double a quote in a name");
                }
            }
            throw new IllegalArgumentException("has a quote that is not closed");
        }

        private static int index(String name) {
            boolean isIndex = name.length() <= MAX_INDEX_DIGITS
                    && name.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (name.length() == 1 || name.charAt(0) != '0');
            return isIndex ? Integer.parseInt(name) : -1;
        }
    }
}
