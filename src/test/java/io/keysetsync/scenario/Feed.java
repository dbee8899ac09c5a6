package io.keysetsync.scenario;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The live data behind a {@link ScenarioApi}. It may be changed at any time, by any thread: between two syncs, or by a
 * hook of {@link Scenario#onRequest(int, java.util.function.Consumer)} during a scroll.
 */
public final class Feed {
    private static final Instant FIRST_USER = Instant.parse("2024-01-01T00:00:00Z");

    private final Map<String, List<Row>> versions = new LinkedHashMap<>();
    private long lastNumber;
    private Instant lastPlace = Instant.MIN;

    private Feed() {}

    /** A feed of these records, as if each had been {@linkplain #add added}. */
    public static Feed of(FeedRecord... records) {
        return of(Arrays.asList(records));
    }

    /** A feed of these records, as if each had been {@linkplain #add added}. */
    public static Feed of(Collection<FeedRecord> records) {
        Feed feed = new Feed();
        records.forEach(feed::add);
        return feed;
    }

    /** Users 1 to {@code count}, one a minute from 2024-01-01T00:00:00Z on. */
    public static Feed users(int count) {
        Feed feed = new Feed();
        for (int i = 0; i < count; i++) {
            feed.add(FeedRecord.user(
                    "" + (i + 1), FIRST_USER.plusSeconds(60L * i).toString()));
        }
        return feed;
    }

    /** Changes the record of this key, all its versions at once, or adds it. */
    public synchronized void put(FeedRecord record) {
        List<Row> old = versions.get(record.id());
        versions.put(
                record.id(),
                List.of(row(record, old == null ? ++lastNumber : old.get(0).number())));
    }

    /** Adds a record beside those of the same key, so that the API serves that key more than once. */
    public synchronized void add(FeedRecord record) {
        Row added = row(record, ++lastNumber);
        versions.merge(record.id(), List.of(added), (old, more) -> Stream.concat(old.stream(), more.stream())
                .toList());
    }

    /** Deletes the record of this key without a trace. */
    public synchronized void remove(String id) {
        versions.remove(id);
    }

    /**
     * What a table should hold after a sync: the latest version of each key, by its id. Of two versions, the one with
     * the later cursor, then the one added later; a version without a readable cursor is earlier than any other.
     */
    public synchronized Map<String, FeedRecord> truth() {
        Map<String, FeedRecord> truth = new LinkedHashMap<>();
        versions.forEach((id, rows) ->
                truth.put(id, rows.stream().max(Row.BY_VERSION).orElseThrow().record()));
        return truth;
    }

    /** The greatest cursor, as the API writes it, or empty when no record has a readable one. */
    public Optional<String> greatestCursor() {
        return greatestCursor(Instant.MAX);
    }

    /** The greatest cursor that is not after {@code limit}, as the API writes it, or empty when there is none. */
    public Optional<String> greatestCursor(Instant limit) {
        return select(row -> row.readable() && !row.place().isAfter(limit), Row.BY_VERSION).stream()
                .reduce((earlier, later) -> later)
                .map(row -> row.record().cursor().asText());
    }

    /** The records of all versions, in the order in which they were first added. */
    public List<FeedRecord> records() {
        return select(row -> true, Row.BY_NUMBER).stream().map(Row::record).toList();
    }

    synchronized List<Row> select(Predicate<Row> filter, Comparator<Row> order) {
        return versions.values().stream()
                .flatMap(List::stream)
                .filter(filter)
                .sorted(order)
                .toList();
    }

    private Row row(FeedRecord record, long number) {
        Optional<Instant> instant = record.instant();
        lastPlace = instant.orElse(lastPlace);
        return new Row(number, lastPlace, instant.isPresent(), record);
    }
}
