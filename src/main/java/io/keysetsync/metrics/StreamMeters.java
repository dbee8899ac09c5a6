package io.keysetsync.metrics;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunEvent.Kind;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.http.RequestListener;
import io.keysetsync.run.RunPlan;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one stream. All but those of its requests exist before anything has happened, so that the first event is
 * seen as an increase. A run's counts are those of its events, which add up from its beginning: what was missed of a
 * run is counted with its next page.
 */
final class StreamMeters implements AutoCloseable {

    private static final String PREFIX = "keyset.sync.";

    private final MeterRegistry registry;
    private final String stream;
    private final List<Meter> meters = new ArrayList<>();
    private final Counter pages;
    private final Counter upserted;
    private final Counter unchanged;
    private final Counter deleted;
    private final Counter quarantined;
    private final Counter retries;
    private final Timer runs;
    private final Map<RunStatus, Counter> ends = new EnumMap<>(RunStatus.class);
    private final Map<Integer, Timer> requests = new ConcurrentHashMap<>();

    /** What is counted already of each run under way. */
    private final Map<String, Counts> counted = new HashMap<>();

    StreamMeters(MeterRegistry registry, RunPlan plan, Figures figures) {
        this.registry = registry;
        this.stream = plan.stream();
        pages = counter("pages", "Pages that were saved", Tags.empty());
        upserted = records("upserted");
        unchanged = records("unchanged");
        deleted = records("deleted");
        quarantined = records("quarantined");
        retries = counter("retries", "Requests that followed a failed one of the same page", Tags.empty());
        for (RunStatus status : RunStatus.values()) {
            if (status != RunStatus.RUNNING) {
                ends.put(status, counter("runs", "Runs that have ended", Tags.of("status", status.toString())));
            }
        }
        runs = timer("run", "Time of runs, from start to end", Tags.empty());
        if (plan.format().type() == CursorType.TIME) {
            gauge("lag", "seconds", "Now minus the cursor; grows on a quiet stream", () -> figures.lag(plan));
        }
        gauge(
                "last.complete.timestamp",
                "seconds",
                "When the newest complete run ended; 0 if none was complete",
                () -> figures.lastComplete(stream));
        gauge("quarantined", null, "Records that are in the quarantine now", () -> figures.quarantined(stream));
    }

    private Counter records(String outcome) {
        return counter("records", "Records that were saved", Tags.of("outcome", outcome));
    }

    private Counter counter(String name, String description, Tags further) {
        return kept(Counter.builder(PREFIX + name)
                .description(description)
                .tag("stream", stream)
                .tags(further)
                .register(registry));
    }

    private Timer timer(String name, String description, Tags further) {
        return kept(Timer.builder(PREFIX + name)
                .description(description)
                .tag("stream", stream)
                .tags(further)
                .register(registry));
    }

    private void gauge(String name, @Nullable String unit, String description, Supplier<Number> value) {
        kept(Gauge.builder(PREFIX + name, value)
                .baseUnit(unit)
                .description(description)
                .tag("stream", stream)
                .register(registry));
    }

    private synchronized <T extends Meter> T kept(T meter) {
        meters.add(meter);
        return meter;
    }

    void requested(int status, Duration took) {
        requests.computeIfAbsent(status, this::requests).record(took);
    }

    private Timer requests(int status) {
        String text = status == RequestListener.NO_ANSWER ? "error" : Integer.toString(status);
        return timer("request", "Time of requests, to the last byte of the answer", Tags.of("status", text));
    }

    void retried() {
        retries.increment();
    }

    synchronized void happened(RunEvent event) {
        RunEvent.State state = event.state();
        Counts before = counted.getOrDefault(state.runId(), Counts.NONE);
        Counts now = state.total();
        add(pages, now.pages() - before.pages());
        add(upserted, now.upserted() - before.upserted());
        add(unchanged, now.unchanged() - before.unchanged());
        add(deleted, now.deleted() - before.deleted());
        add(quarantined, now.quarantined() - before.quarantined());
        counted.put(state.runId(), now);
        if (event.kind() == Kind.ENDED) {
            counted.remove(state.runId());
            ends.get(state.status()).increment();
            if (!state.runId().isEmpty()) { // else it could not begin
                runs.record(state.elapsed());
            }
        }
    }

    private static void add(Counter counter, long more) {
        counter.increment((double) more);
    }

    /** Removes the meters from their registry. */
    @Override
    public synchronized void close() {
        meters.forEach(registry::remove);
    }
}
