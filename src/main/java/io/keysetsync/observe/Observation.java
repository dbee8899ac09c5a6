package io.keysetsync.observe;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.metrics.HealthChecks;
import io.keysetsync.metrics.StreamMetrics;
import io.keysetsync.run.StreamRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.health.ContextHealthCheck;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;

/**
 * The metrics and the health of the program's context, which runs already. Loading takes some tenths of a second, so it
 * has to wait until the first sync has begun. Any thread may ask, and no answer waits longer than some seconds for a
 * database.
 */
public final class Observation implements AutoCloseable {

    /** The media type of {@link #prometheus()}. */
    public static final String PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final CamelContext context;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    private Observation(CamelContext context) {
        this.context = context;
    }

    /** Begins to observe a context, until {@link #close}. */
    public static Observation of(CamelContext context) throws Exception {
        Observation observation = new Observation(context);
        observation.bindHealth();
        observation.bindMeters();
        return observation;
    }

    private void bindHealth() {
        HealthCheckRegistry registry = HealthCheckRegistry.get(context);
        if (registry == null) {
            registry = new DefaultHealthCheckRegistry(context);
            context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
        }
        registry.setExposureLevel("full");
        registry.register(new ContextHealthCheck());
        HealthChecks.join(registry, context);
    }

    private void bindMeters() throws Exception {
        context.getRegistry().bind(MicrometerConstants.METRICS_REGISTRY_NAME, meters);
        List.<MeterBinder>of(
                        new ClassLoaderMetrics(),
                        new JvmMemoryMetrics(),
                        collections,
                        new JvmThreadMetrics(),
                        new JvmInfoMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(meters));
        StreamMetrics.of(context).bind();
        CamelMeters.bind(context, meters);
        HikariDataSource pool =
                context.getRegistry().lookupByNameAndType(StreamRegistry.DEFAULT_DATA_SOURCE, HikariDataSource.class);
        if (pool != null) {
            pool.setMetricRegistry(meters);
        }
    }

    /** All meters, in Prometheus' text format. */
    public String prometheus() {
        return meters.scrape(PROMETHEUS_TYPE);
    }

    /** Whether the process and its scheduler work: if not, a restart may help. */
    public Health live() {
        return Health.of(HealthCheckHelper.invokeLiveness(context), false);
    }

    /** Whether the streams are started and their database answers. */
    public Health ready() {
        return Health.of(HealthCheckHelper.invokeReadiness(context), true);
    }

    /** All checks, also those that the user has bound. */
    public Health all() {
        return Health.of(HealthCheckHelper.invoke(context), false);
    }

    @Override
    public void close() {
        collections.close();
        meters.close();
    }
}
