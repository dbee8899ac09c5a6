package io.keysetsync.metrics;

import io.keysetsync.RunEvent;
import io.keysetsync.run.StreamRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The meters of a context's streams in a registry of Micrometer. */
final class MicrometerMeters implements Meters {

    private final MeterRegistry meters;
    private final StreamRegistry registry;
    private final Figures figures;
    private final Map<String, StreamMeters> streams = new ConcurrentHashMap<>();

    private MicrometerMeters(MeterRegistry meters, StreamRegistry registry) {
        this.meters = meters;
        this.registry = registry;
        this.figures = new Figures(registry);
    }

    /** The meters in the registry among a context's beans; null if there is no registry yet. */
    static @Nullable MicrometerMeters find(CamelContext context) {
        MeterRegistry found = MeterRegistries.find(context.getRegistry());
        return found == null ? null : new MicrometerMeters(found, StreamRegistry.of(context));
    }

    @Override
    public void added(String stream) {
        streams.computeIfAbsent(
                stream, name -> new StreamMeters(meters, registry.source(name).plan(), figures));
    }

    @Override
    public void removed(String stream) {
        StreamMeters removed = streams.remove(stream);
        if (removed != null) {
            removed.close();
        }
    }

    @Override
    public void requested(String stream, int status, Duration took) {
        StreamMeters known = streams.get(stream);
        if (known != null) {
            known.requested(status, took);
        }
    }

    @Override
    public void retried(String stream) {
        StreamMeters known = streams.get(stream);
        if (known != null) {
            known.retried();
        }
    }

    @Override
    public void happened(RunEvent event) {
        StreamMeters known = streams.get(event.state().stream());
        if (known != null) {
            known.happened(event);
        }
    }
}
