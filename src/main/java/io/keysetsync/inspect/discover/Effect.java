package io.keysetsync.inspect.discover;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the query parameter that has an effect, by sending all of some names at once, and then halves of them. Most APIs
 * ignore a parameter that they don't know. If an API refuses the names together, the surest of them are tried one by one.
 */
final class Effect {

    /** What a refusal of a parameter's name says. */
    private static final Pattern UNKNOWN = Pattern.compile(
            "(?i)unknown|unexpected|unrecogni[sz]ed|unsupported|not (supported|allowed|permitted|recogni[sz]ed)|extra|no such");

    private static final String IGNORED = "";

    /** Names that have to be tried before one of them stands out. */
    private static final int ENOUGH = 2;

    private final Api api;
    private final int reserve;
    private final Predicate<Reply> isWanted;
    private @Nullable String misused;
    private @Nullable String failure;
    private final Set<String> tried = new HashSet<>();

    /** Why names were refused when they were tried alone, or {@link #IGNORED}. */
    private final Map<String, String> refusals = new LinkedHashMap<>();

    /** @param reserve requests to leave for other questions, if names have to be tried one by one */
    Effect(Api api, int reserve, Predicate<Reply> isWanted) {
        this.api = api;
        this.reserve = reserve;
        this.isWanted = isWanted;
    }

    /** How many names were tried. */
    int tried() {
        return tried.size();
    }

    /** Why a request got no answer, though what it asked for was not refused; null if there was none. */
    @Nullable
    String failure() {
        return failure;
    }

    /** The parameter whose value the API has refused, and not its name; null if there was none. */
    @Nullable
    String misused() {
        return misused;
    }

    /**
     * Tries the likeliest name, then all others together.
     *
     * @return null if no name has the effect, or too many requests would be needed to tell
     */
    @Nullable
    String of(List<String> names, String value) throws Exception {
        String first = together(names.subList(0, 1), value);
        return first != null || misused != null ? first : together(names.subList(1, names.size()), value);
    }

    private @Nullable String together(List<String> names, String value) throws Exception {
        if (names.isEmpty() || api.left() <= 0) {
            return null;
        }
        Reply reply = ask(names, value);
        if (isWanted.test(reply)) {
            return names.size() == 1 ? names.get(0) : among(names, value);
        }
        if (reply.body() != null) {
            names.forEach(name -> refusals.put(name, IGNORED));
            return null;
        }
        if (names.size() == 1 && refusesValue(reply, names.get(0))) {
            misused = names.get(0);
        }
        if (names.size() == 1) {
            refusals.put(names.get(0), why(reply));
            return null;
        }
        return oneByOne(names, value);
    }

    /** Tries halves of names of which one has the effect. */
    private @Nullable String among(List<String> names, String value) throws Exception {
        int middle = (names.size() + 1) / 2;
        String first = together(names.subList(0, middle), value);
        return first == null ? together(names.subList(middle, names.size()), value) : first;
    }

    private @Nullable String oneByOne(List<String> names, String value) throws Exception {
        for (String name : names) {
            if (api.left() <= reserve) {
                break;
            }
            String found = together(List.of(name), value);
            if (found == null && misused == null && refusals.size() > ENOUGH) {
                misused = refusedOtherwise();
            }
            if (found != null || misused != null) {
                return found;
            }
        }
        return null;
    }

    /** The one name that is refused while others are ignored, or refused with other words: the API knows it. */
    private @Nullable String refusedOtherwise() {
        Map<String, List<String>> byReason = refusals.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        List<String> alone = byReason.entrySet().stream()
                .filter(reason ->
                        reason.getValue().size() == 1 && !reason.getKey().isEmpty())
                .map(reason -> reason.getValue().get(0))
                .toList();
        return alone.size() == 1 ? alone.get(0) : null;
    }

    private static boolean refusesValue(Reply reply, String name) {
        return reply.isRefused() && !isUnknown(reply) && why(reply).contains(name);
    }

    private static boolean isUnknown(Reply reply) {
        return UNKNOWN.matcher(why(reply)).find();
    }

    private static String why(Reply reply) {
        return reply.error() == null ? "" : String.valueOf(reply.error().getMessage());
    }

    private Reply ask(List<String> names, String value) throws Exception {
        Map<String, String> query = new LinkedHashMap<>();
        names.forEach(name -> query.put(name, value));
        Reply reply = api.ask(api.with(query));
        if (reply.body() != null || names.size() == 1) {
            tried.addAll(names);
        }
        if (reply.body() == null && !reply.isRefused()) {
            failure = why(reply);
        }
        return reply;
    }
}
