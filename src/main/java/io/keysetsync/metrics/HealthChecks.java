package io.keysetsync.metrics;

import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;

/** The health checks of the streams, in the registry of their context. */
public final class HealthChecks {

    private HealthChecks() {}

    /** Registers the checks, unless the registry has them already. */
    public static void join(HealthCheckRegistry registry, CamelContext context) {
        if (registry.getCheck("keyset-sync-scheduler").isEmpty()) {
            registry.register(new SchedulerHealthCheck(context));
            registry.register(new DatabaseHealthCheck(context));
            registry.register(new RoutesHealthCheck(context));
        }
    }
}
