package io.keysetsync.request;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text of a request with {@code {cursor}}, {@code {until}} and {@code {token}}, which each request replaces.
 *
 * @param literals the text before, between and after the placeholders
 * @param names of the placeholders, in order
 */
record Placeholders(List<String> literals, List<Name> names) {

    private static final Pattern WORD = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /** What a placeholder stands for. */
    enum Name {
        CURSOR,
        UNTIL,
        TOKEN;

        String written() {
            return "{" + name().toLowerCase(Locale.ROOT) + "}";
        }
    }

    /** The values of one request; null if the request has none for a placeholder. */
    interface Values {
        @Nullable
        String of(Name name);
    }

    /**
     * Reads a text in which no other word may stand in braces.
     *
     * @throws IllegalArgumentException naming the word that is unknown
     */
    static Placeholders of(String text) {
        return read(text, word -> true);
    }

    /**
     * Reads a text in which other words may stand in braces, as in GraphQL, if they are not almost a placeholder.
     *
     * @throws IllegalArgumentException naming the word that is almost a placeholder
     */
    static Placeholders among(String text) {
        return read(text, Placeholders::isNearMiss);
    }

    /** Reads a text in which any other word may stand in braces. */
    static Placeholders ifKnown(String text) {
        return read(text, word -> false);
    }

    /** Takes a text as it is, without placeholders. */
    static Placeholders none(String text) {
        return new Placeholders(List.of(text), List.of());
    }

    private static Placeholders read(String text, Predicate<String> isWrong) {
        List<String> literals = new ArrayList<>();
        List<Name> names = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        int from = 0;
        while (word.find()) {
            Name name = name(word.group());
            if (name != null) {
                literals.add(text.substring(from, word.start()));
                names.add(name);
                from = word.end();
            } else if (isWrong.test(word.group(1))) {
                throw new IllegalArgumentException(
                        "has the unknown placeholder " + word.group() + "; known are {cursor}, {until}, {token}");
            }
        }
        literals.add(text.substring(from));
        return new Placeholders(List.copyOf(literals), List.copyOf(names));
    }

    private static @Nullable Name name(String written) {
        for (Name name : Name.values()) {
            if (name.written().equals(written)) {
                return name;
            }
        }
        return null;
    }

    private static boolean isNearMiss(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (Name name : Name.values()) {
            if (distance(lower, name.name().toLowerCase(Locale.ROOT)) <= (name == Name.CURSOR ? 2 : 1)) {
                return true;
            }
        }
        return false;
    }

    /** How many characters have to be changed, inserted or left out to make one word of the other (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    Set<Name> uses() {
        Set<Name> uses = EnumSet.noneOf(Name.class);
        uses.addAll(names);
        return uses;
    }

    /** The placeholder that is the whole text; null if the text is more than one placeholder, or none. */
    @Nullable
    Name whole() {
        return names.size() == 1 && literals.stream().allMatch(String::isEmpty) ? names.get(0) : null;
    }

    /** This text with its literal parts changed. */
    Placeholders withLiterals(UnaryOperator<String> change) {
        return new Placeholders(literals.stream().map(change).toList(), names);
    }

    /**
     * The text with values in the placeholders' places; null if one of them has no value.
     *
     * @param escape how a value is written
     */
    @Nullable
    String filled(Values values, UnaryOperator<String> escape) {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < names.size(); i++) {
            String value = values.of(names.get(i));
            if (value == null) {
                return null;
            }
            text.append(escape.apply(value)).append(literals.get(i + 1));
        }
        return text.toString();
    }
}
