package io.keysetsync.inspect;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Streams;
import io.keysetsync.run.Inspection;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.TriggerKey;

/**
 * Shows what a stream's next run would do. A dry run uses the stream's routes, with their requests, credentials and
 * steps, but writes no row, no cursor and no run.
 */
public abstract class DryRun implements Inspection {

    @Override
    public final boolean isDryRun() {
        return true;
    }

    /**
     * Runs this inspection of a stream in the calling thread, regardless of the stream's schedule.
     *
     * @throws ConfigurationException if there is no such stream
     */
    public final void inspect(CamelContext context, String stream) throws Exception {
        TriggerKey key = Streams.of(context).triggerKey(stream);
        Consumer schedule = context.getRoutes().stream()
                .filter(route -> route.getEndpoint() instanceof QuartzEndpoint quartz
                        && quartz.getTriggerKey().equals(key))
                .map(Route::getConsumer)
                .findFirst()
                .orElseThrow();
        Exchange exchange = schedule.createExchange(false);
        exchange.setProperty(PROPERTY, this);
        schedule.getProcessor().process(exchange);
    }
}
