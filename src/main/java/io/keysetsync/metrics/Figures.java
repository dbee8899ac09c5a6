package io.keysetsync.metrics;

import io.keysetsync.run.RunPlan;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.StreamStates.StreamState;
import io.keysetsync.store.SyncStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the databases of a context's streams tell of them, for gauges: a few queries for all streams of a database, at most once
 * in {@link #KEPT}. A database that is away holds up a scrape for {@link #PATIENCE} at most, and its streams then show what
 * was known before: their lag keeps growing.
 */
final class Figures {

    private static final Duration KEPT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final double UNKNOWN = Double.NaN;

    private final StreamRegistry registry;
    private final Map<SyncStore, FreshValue<Map<String, StreamState>>> figures = new ConcurrentHashMap<>();

    Figures(StreamRegistry registry) {
        this.registry = registry;
    }

    /** Now minus the cursor, in seconds. */
    double lag(RunPlan plan) {
        return of(plan.stream())
                .map(known -> plan.lag(known.cursor(), Instant.now()))
                .map(lag -> lag.toMillis() / 1000.0)
                .orElse(UNKNOWN);
    }

    /** When the newest complete run ended, in seconds since 1970; 0 if none was complete. */
    double lastComplete(String stream) {
        return of(stream)
                .map(known ->
                        known.lastComplete() == null ? 0 : known.lastComplete().toEpochMilli() / 1000.0)
                .orElse(UNKNOWN);
    }

    /** How many records are in the quarantine. */
    double quarantined(String stream) {
        return of(stream).map(known -> (double) known.quarantined()).orElse(UNKNOWN);
    }

    private Optional<StreamState> of(String stream) {
        SyncStore store = registry.storeOf(stream);
        return figures.computeIfAbsent(
                        store, read -> new FreshValue<>("keyset-sync-figures", () -> ofAll(read), KEPT, PATIENCE))
                .nowOrBefore()
                .map(all -> all.get(stream));
    }

    private Map<String, StreamState> ofAll(SyncStore store) {
        return store.currentStates(registry.streams().stream()
                .filter(stream -> registry.storeOf(stream).equals(store))
                .toList());
    }
}
