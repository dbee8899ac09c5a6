package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * An API of the table of further APIs: entries with a name and a time, of which an API says how they are written, found
 * and paged. Its table has a key and the name.
 */
abstract class FurtherApi extends PlayedApi {

    static final String SECRET = "s3cret";
    static final Instant FIRST = Instant.parse("2025-03-01T10:00:00Z");

    private final String line;
    private final String key;
    private final String name;
    private final Map<Integer, Entry> entries = new TreeMap<>();

    /** What is behind a record. */
    record Entry(int id, String name, Instant at) {}

    /**
     * An API.
     *
     * @param line the line in the table of docs/apis.md
     * @param key the field that is the key
     * @param name the field that changes
     */
    FurtherApi(String line, String key, String name) {
        this.line = line;
        this.key = key;
        this.name = name;
    }

    /** The record of an entry, as the API writes it. */
    abstract ObjectNode written(Entry entry);

    @Override
    final String heading() {
        return line;
    }

    @Override
    final String schema() {
        return """
                {"table": "further", "primary_key": ["%s"], "columns": {"%1$s": "STRING", "%s": "STRING"}}"""
                .formatted(key, name);
    }

    @Override
    final List<String> compared() {
        return List.of(key, name);
    }

    @Override
    final Map<String, String> settings() {
        return ApisPage.read().furtherApis().get(line).settings(SECRET);
    }

    /** Entries of which seven each have the same time. */
    @Override
    void populate() {
        for (int i = 1; i <= 300; i++) {
            put(i, "entry " + i, FIRST.plusSeconds(i / 7 * 60L));
        }
    }

    /** A change, an entry of the time of the last one, and a new one. */
    @Override
    void change() {
        put(3, "entry 3, changed", FIRST.plusSeconds(86_400));
        put(301, "entry 301", FIRST.plusSeconds(300 / 7 * 60L));
        put(302, "entry 302", FIRST.plusSeconds(86_400));
    }

    final void put(int id, String text, Instant at) {
        entries.put(id, new Entry(id, text, at));
    }

    @Override
    List<ObjectNode> truth() {
        return found(entry -> true);
    }

    /** The records of some entries, the oldest first. */
    final List<ObjectNode> found(Predicate<Entry> wanted) {
        return entries.values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(Entry::at).thenComparing(Entry::id))
                .map(this::written)
                .toList();
    }
}
