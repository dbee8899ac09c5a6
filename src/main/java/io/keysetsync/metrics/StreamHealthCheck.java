package io.keysetsync.metrics;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** A health check of the streams of one context. */
abstract class StreamHealthCheck implements HealthCheck {

    final CamelContext context;
    private final String id;
    private volatile boolean enabled = true;

    StreamHealthCheck(CamelContext context, String id) {
        this.context = context;
        this.id = id;
    }

    /** What is wrong; empty if nothing is. No secret and no record's content may be in it. */
    abstract String problem();

    @Override
    public final Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this)
                .detail(CHECK_ID, id)
                .detail(CHECK_GROUP, getGroup())
                .detail(CHECK_KIND, isLiveness() ? Kind.LIVENESS : Kind.READINESS);
        if (!enabled) {
            return result.unknown()
                    .message("Disabled")
                    .detail(CHECK_ENABLED, false)
                    .build();
        }
        String problem = problem();
        return problem.isEmpty()
                ? result.up().build()
                : result.down().message(problem).build();
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "keyset-sync";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }
}
