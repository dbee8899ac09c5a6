package io.keysetsync.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.RunStatus;
import io.keysetsync.Streams;
import io.keysetsync.http.Failure;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageRequest;
import io.keysetsync.record.Quarantined;
import io.keysetsync.source.SourceParameters;
import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.jspecify.annotations.Nullable;
import org.quartz.TriggerKey;

/**
 * A look at what a stream's run would do. It goes through the stream's own routes, with its requests, its credentials and
 * its steps, but writes no row, no cursor and no run.
 */
public interface Inspection {

    /** The exchange property that makes a run one that only looks. */
    String PROPERTY = "keysetSyncInspection";

    /**
     * What to ask for first.
     *
     * @param settings the stream's
     * @param planned what a run would ask for
     */
    PageRequest first(SourceParameters settings, PageRequest planned);

    /** The body of an answer, whatever it says. */
    default void answered(JsonNode body) {}

    /** An answer was understood; gives the records that go to the stream's steps. */
    ArrayNode page(Page page);

    /** What to ask for next; null ends the inspection. */
    @Nullable
    PageRequest next();

    /** A request failed; false ends the inspection with its error. */
    default boolean failed(Failure failure) {
        return false;
    }

    /** What the sink has made of the records that came to it. */
    default void rows(List<Column> columns, List<Row> rows, List<Quarantined> setAside) {}

    /** The end. */
    void ended(RunStatus status, @Nullable String error);

    /**
     * Looks at a stream, in the calling thread, whatever its schedule.
     *
     * @throws ConfigurationException if there is no such stream
     */
    default void inspect(CamelContext context, String stream) throws Exception {
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
