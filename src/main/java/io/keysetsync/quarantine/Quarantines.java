package io.keysetsync.quarantine;

import io.keysetsync.RunEvent;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.Quarantine;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The quarantines of all databases that a context's streams write to, and of the default one. Streams and ids that are not
 * named mean all of them.
 */
public final class Quarantines {

    private final CamelContext context;
    private final StreamRegistry registry;

    private Quarantines(CamelContext context) {
        this.context = context;
        this.registry = StreamRegistry.of(context);
    }

    public static Quarantines of(CamelContext context) {
        return new Quarantines(context);
    }

    /**
     * What a retry has done.
     *
     * @param ended how the retry of each stream ended
     * @param withoutRoute the streams that were not tried, because no route has them
     */
    public record Retried(Map<String, RunEvent.State> ended, List<String> withoutRoute) {}

    /** The records, by stream and then by time. */
    public List<Entry> list(Collection<String> streams, Collection<String> ids) {
        return all().flatMap(quarantine -> each(streams).flatMap(stream -> quarantine.list(stream, ids).stream()))
                .distinct() // two data sources may be one database
                .sorted(Comparator.comparing(Entry::stream))
                .toList();
    }

    /**
     * The records that were seen last, the newest first.
     *
     * @param stream null for all streams
     */
    public List<Entry> newest(@Nullable String stream, int limit) {
        return all().flatMap(quarantine -> quarantine.newest(stream, limit).stream())
                .distinct()
                .sorted(Comparator.comparing(Entry::seenAt).reversed())
                .limit(limit)
                .toList();
    }

    /** The streams that the records belong to. */
    public Set<String> streams(Collection<String> streams, Collection<String> ids) {
        Set<String> found = new TreeSet<>();
        all().forEach(quarantine -> each(streams).forEach(stream -> found.addAll(quarantine.streams(stream, ids))));
        return found;
    }

    /** Those of the ids that no record of these streams has. */
    public List<String> unknown(Collection<String> streams, Collection<String> ids) {
        List<String> unknown = new ArrayList<>(ids);
        all().forEach(quarantine -> each(streams).forEach(stream -> unknown.removeAll(quarantine.known(stream, ids))));
        return unknown;
    }

    /** Puts the records through their streams once more. */
    public Retried retry(Collection<String> streams, Collection<String> ids) {
        Map<String, RunEvent.State> ended = new LinkedHashMap<>();
        List<String> withoutRoute = new ArrayList<>();
        Set<String> known = registry.streams();
        for (String stream : streams(streams, ids)) {
            if (!known.contains(stream)) {
                withoutRoute.add(stream);
            } else if (isInItsDatabase(stream, ids)) {
                ended.put(stream, QuarantineRetry.of(context, stream).retry(ids));
            }
        }
        return new Retried(ended, withoutRoute);
    }

    /** Whether a stream's records are where a retry looks for them, rather than where its rows went before. */
    private boolean isInItsDatabase(String stream, Collection<String> ids) {
        SyncStore store = registry.storeOf(stream);
        return store.stateTables().exist()
                && !store.quarantine().streams(stream, ids).isEmpty();
    }

    /** Deletes the records; gives their number. */
    public int drop(Collection<String> streams, Collection<String> ids) {
        return all().flatMapToInt(quarantine -> each(streams)
                        .flatMap(stream -> quarantine.streams(stream, ids).stream())
                        .mapToInt(stream -> quarantine.drop(stream, ids)))
                .sum();
    }

    private Stream<Quarantine> all() {
        return registry.stores().stream()
                .filter(store -> store.stateTables().exist())
                .map(SyncStore::quarantine);
    }

    /** The streams to ask a quarantine for; null stands for all. */
    private static Stream<@Nullable String> each(Collection<String> streams) {
        return streams.isEmpty() ? Stream.of((String) null) : streams.stream().distinct();
    }
}
