package io.keysetsync.metrics;

import io.keysetsync.RunEvent;
import io.keysetsync.run.StreamRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.SimpleEventNotifierSupport;

/**
 * The metrics and health checks of the streams of one context. They join the {@code MeterRegistry} that is bound in the
 * context's registry, however late it comes, and the context's registry of health checks. An application without Micrometer
 * has no metrics, and loads none of its classes.
 */
public final class StreamMetrics extends LifecycleStrategySupport {

    private final CamelContext context;
    private final Map<String, String> streams = new ConcurrentHashMap<>();
    private volatile Meters meters = Meters.NONE;
    private volatile boolean looks = true;
    private boolean isBound;

    private StreamMetrics(CamelContext context) {
        this.context = context;
    }

    /** The metrics of a context; created on first use. */
    public static StreamMetrics of(CamelContext context) {
        synchronized (context) {
            StreamMetrics metrics = context.getCamelContextExtension().getContextPlugin(StreamMetrics.class);
            if (metrics == null) {
                metrics = new StreamMetrics(context);
                context.getCamelContextExtension().addContextPlugin(StreamMetrics.class, metrics);
                context.addLifecycleStrategy(metrics);
                metrics.joinHealth();
            }
            return metrics;
        }
    }

    private void joinHealth() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        if (registry != null) {
            HealthChecks.join(registry, context);
        }
    }

    /** Counts nothing, and loads nothing; for a program that shows no metrics. */
    public void leaveOut() {
        looks = false;
    }

    /** Keeps what there is to count until {@link #bind}; for a program that loads its meters late. */
    public void keep() {
        looks = false;
        meters = new KeptMeters();
        listen();
    }

    /** Looks for a registry, unless one has been found before. */
    public void look() {
        if (looks && hasMicrometer()) {
            bind();
        }
    }

    private boolean hasMicrometer() {
        try {
            Class.forName(
                    "io.micrometer.core.instrument.MeterRegistry",
                    false,
                    getClass().getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            looks = false;
            return false;
        }
    }

    /** Binds the meters to the registry among the context's beans, if there is one. */
    public synchronized void bind() {
        if (isBound) {
            return;
        }
        MicrometerMeters found = MicrometerMeters.find(context);
        if (found == null) {
            return;
        }
        isBound = true;
        looks = false;
        StreamRegistry.of(context).streams().forEach(found::added);
        if (meters instanceof KeptMeters kept) {
            kept.replay(found);
        } else {
            listen();
        }
        meters = found;
    }

    private void listen() {
        context.getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof RunEvent;
            }

            @Override
            public void notify(CamelEvent event) {
                meters.happened((RunEvent) event);
            }
        });
    }

    /** Makes a stream known, until the route that is being created has been removed. */
    public void added(String stream) {
        streams.put(String.valueOf(context.getCamelContextExtension().getCreateRoute()), stream);
    }

    /** Counts a request. */
    public void requested(String stream, int status, Duration took) {
        meters.requested(stream, status, took);
    }

    /** Counts an attempt that follows a failed one. */
    public void retried(String stream) {
        meters.retried(stream);
    }

    @Override
    public void onContextStarted(CamelContext started) {
        joinHealth();
        look();
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        look();
        for (Route route : routes) {
            String stream = streams.get(route.getRouteId());
            if (stream != null) {
                meters.added(stream);
            }
        }
    }

    @Override
    public void onRoutesRemove(Collection<Route> routes) {
        for (Route route : routes) {
            String stream = streams.get(route.getRouteId());
            if (stream != null) {
                meters.removed(stream);
            }
        }
    }
}
