package io.keysetsync.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Set;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the registry of meters among an application's beans, as Camel's own meters do. */
final class MeterRegistries {

    private static final Logger LOG = LoggerFactory.getLogger(MeterRegistries.class);

    /** The bean name that Camel prefers. */
    private static final String NAME = "metricsRegistry";

    private MeterRegistries() {}

    /** The registry of Camel's name, the only or primary one, or that which is made of the others; null if there is none. */
    static @Nullable MeterRegistry find(Registry beans) {
        MeterRegistry named = beans.lookupByNameAndType(NAME, MeterRegistry.class);
        if (named != null) {
            return named;
        }
        MeterRegistry single = beans.findSingleByType(MeterRegistry.class);
        if (single != null) {
            return single;
        }
        Set<MeterRegistry> all = beans.findByType(MeterRegistry.class);
        if (!all.isEmpty()) {
            LOG.debug("there are {} beans of MeterRegistry; name the one for the streams {}", all.size(), NAME);
        }
        return all.stream()
                .filter(CompositeMeterRegistry.class::isInstance)
                .findFirst()
                .orElse(null);
    }
}
