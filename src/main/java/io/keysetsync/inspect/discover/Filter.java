package io.keysetsync.inspect.discover;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.discover.Found.Sureness;
import io.keysetsync.inspect.hint.Notations;
import io.keysetsync.paging.Page;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the query parameter by which an API gives only what changed since a time, by trying usual names. */
final class Filter {

    /** The likeliest names, in the order in which they are tried alone; {@code *} is the cursor's own name. */
    private static final List<String> USUAL = List.of(
            "updated_since",
            "since",
            "*[gte]",
            "*_min",
            "updated_after",
            "*Min",
            "modified_since",
            "since_*",
            "oldest");

    private static final List<String> FURTHER = List.of(
            "modified_after",
            "updatedSince",
            "updatedAfter",
            "modifiedSince",
            "modifiedAfter",
            "changed_since",
            "last_modified",
            "*_gte",
            "*__gte",
            "*_from",
            "*_after",
            "*_since",
            "*_begin_time",
            "*From",
            "*Since",
            "*After",
            "*",
            "min_*",
            "filter[*][gte]",
            "from",
            "start_date",
            "start_time",
            "startDate",
            "date_from",
            "min_date",
            "start");

    private final Api api;
    private final List<Position> listed;
    private @Nullable String misused;
    private @Nullable String failure;
    private int tried;

    /** @param listed the cursors of the first pages */
    Filter(Api api, List<Position> listed) {
        this.api = api;
        this.listed = listed.stream().sorted().distinct().toList();
    }

    /** The filter; sets the parameters for it, or that there is none. */
    Found find() throws Exception {
        if (listed.size() < 2) {
            return none(
                    "the records have one time, so that nothing can be told; name the filter by -p cursorParam=NAME");
        }
        Position pivot = listed.get(listed.size() / 2);
        CursorFormat format = api.source().plan().format();
        List<String> usual = named(USUAL);
        List<String> further = named(FURTHER);
        List<String> names =
                Stream.concat(usual.stream(), further.stream()).distinct().toList();
        Found found = tried(usual, pivot, format.sent(pivot), null);
        if (found == null && misused == null) {
            found = tried(further, pivot, format.sent(pivot), null);
        }
        if (found == null && !api.knows("cursorFormat")) {
            List<String> likely = misused == null ? names : List.of(misused);
            Notations notations = new Notations(format.sent(pivot));
            for (Notations.Trial trial = notations.next(pivot, format.type());
                    trial != null && found == null && api.left() > 0;
                    trial = notations.next(pivot, format.type())) {
                found = tried(likely, trial.sent(), trial.sent().text(), trial.name());
            }
        }
        if (found == null && misused != null) {
            api.set(Map.of("cursorParam", misused));
            return new Found(
                    "filter",
                    misused,
                    Sureness.GUESS,
                    "the API knows it, and refuses " + format.sent(pivot)
                            + "; -p cursorFormat or -p initialCursor may help");
        }
        return found == null ? none(nothing()) : found;
    }

    private String nothing() {
        String remedy = ". If the API has a filter, name it by -p cursorParam=NAME";
        if (failure != null) {
            return "could not be told: " + failure.replaceFirst("^stream [^:]*: ", "") + remedy;
        }
        return "none of " + tried + " usual parameters filters; each run reads the whole list, and writes what is new"
                + remedy;
    }

    private Found none(String why) throws Exception {
        api.set(Map.of("cursorParam", ""));
        return new Found("filter", "none", Sureness.GUESS, why);
    }

    private @Nullable Found tried(List<String> names, Position pivot, String value, @Nullable String notation)
            throws Exception {
        Effect effect = new Effect(api, 0, reply -> isFiltered(reply, pivot));
        String filters = effect.of(names, value);
        misused = effect.misused();
        failure = failure == null ? effect.failure() : failure;
        tried += notation == null ? effect.tried() : 0;
        if (filters == null) {
            return null;
        }
        api.set(
                notation == null
                        ? Map.of("cursorParam", filters)
                        : Map.of("cursorParam", filters, "cursorFormat", notation));
        return new Found("filter", filters, Sureness.SURE, "with " + value + ", no record is older");
    }

    /** Whether an answer has records, but none of those before the pivot that the first page has. */
    private boolean isFiltered(Reply reply, Position pivot) {
        if (reply.body() == null) {
            return false;
        }
        try {
            Page page = api.page(reply);
            return !page.positions().isEmpty()
                    && page.positions().stream().allMatch(position -> position.compareTo(pivot) >= 0);
        } catch (SyncException e) {
            return false;
        }
    }

    private List<String> named(List<String> patterns) {
        String name = api.known().getOrDefault("cursorField", "").replaceAll(".*[.\\]]", "");
        boolean isPlain = name.matches("[A-Za-z0-9_-]+");
        return patterns.stream()
                .filter(pattern -> isPlain || !pattern.contains("*"))
                .map(pattern -> pattern.replace("*", name))
                .distinct()
                .toList();
    }
}
