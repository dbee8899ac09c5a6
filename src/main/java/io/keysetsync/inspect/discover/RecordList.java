package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Finds the array of records in an answer. */
final class RecordList {

    private static final int MAX_DEPTH = 4;

    private static final List<String> USUAL =
            List.of("data", "items", "results", "records", "value", "values", "entries", "objects", "rows", "list");

    private final Set<String> names;
    private final List<Candidate> candidates = new ArrayList<>();

    /** An array of objects, and where it is. */
    private record Candidate(String path, String name, int records) {}

    private RecordList(Set<String> names) {
        this.names = names;
    }

    /**
     * The path of the records.
     *
     * @param names in lower case, which the array may have: those of the stream and of the URL's end
     * @throws UndecidedException if there is none, or if several are as likely
     */
    static String in(JsonNode body, Set<String> names) {
        RecordList list = new RecordList(names);
        list.walk(body, "", "", 0);
        if (list.candidates.isEmpty()) {
            throw new UndecidedException(
                    list.hasEmptyArray(body)
                            ? "the list is empty, so that nothing can be told about its records; try again once it has some,"
                                    + " or widen the request by -p query=…"
                            : "the answer has no array of objects; name the records by -p recordsField=PATH, or correct the URL");
        }
        Comparator<Candidate> order = Comparator.comparingInt(list::rank)
                .thenComparing(Comparator.comparingInt(Candidate::records).reversed());
        List<Candidate> best = list.candidates.stream().sorted(order).toList();
        if (best.size() > 1 && order.compare(best.get(0), best.get(1)) == 0) {
            throw new UndecidedException("the records may be at "
                    + best.stream().map(Candidate::path).collect(Collectors.joining(" or "))
                    + "; name them, as in -p recordsField=" + best.get(0).path());
        }
        return best.get(0).path();
    }

    private int rank(Candidate candidate) {
        String name = candidate.name().toLowerCase(Locale.ROOT);
        return candidate.path().isEmpty() || names.contains(name) || USUAL.contains(name) ? 0 : 1;
    }

    private void walk(JsonNode node, String path, String name, int depth) {
        if (node.isArray()) {
            if (isRecords(node)) {
                candidates.add(new Candidate(path, name, node.size()));
            }
        } else if (depth < MAX_DEPTH) {
            node.properties()
                    .forEach(member -> walk(
                            member.getValue(), FieldPath.child(path, member.getKey()), member.getKey(), depth + 1));
        }
    }

    /** Whether all elements are objects, and not links to other pages. */
    private static boolean isRecords(JsonNode array) {
        return !array.isEmpty()
                && StreamSupport.stream(array.spliterator(), false).allMatch(JsonNode::isObject)
                && !StreamSupport.stream(array.spliterator(), false).allMatch(each -> each.has("rel"));
    }

    private boolean hasEmptyArray(JsonNode node) {
        return node.isArray()
                ? node.isEmpty()
                : StreamSupport.stream(node.spliterator(), false).anyMatch(this::hasEmptyArray);
    }
}
