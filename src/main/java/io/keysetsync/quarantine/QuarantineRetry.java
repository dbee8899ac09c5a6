package io.keysetsync.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Counts;
import io.keysetsync.TerminalException;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageReader;
import io.keysetsync.run.RunReports;
import io.keysetsync.run.SyncRun;
import io.keysetsync.source.SyncSource;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.Quarantine.Origin;
import io.keysetsync.store.SyncStore;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.support.DefaultExchange;

/**
 * Sends records that were set aside the way of a page once more. Those that the source had set aside go through the
 * stream's own steps; those that the sink had set aside have been through them, and go to the sink.
 */
public final class QuarantineRetry {

    /** Records in one transaction. */
    private static final int PAGE = 500;

    private static final JsonMapper JSON = SyncSource.json();

    private final CamelContext context;
    private final PageReader reader;
    private final RunReports reports;
    private final Clock clock;

    public QuarantineRetry(CamelContext context, PageReader reader, RunReports reports, Clock clock) {
        this.context = context;
        this.reader = reader;
        this.reports = reports;
        this.clock = clock;
    }

    /** All entries of the run's stream, or those with these ids. */
    public void retry(RetryingRun run, Collection<String> ids) throws Exception {
        SyncStore store = run.store();
        for (Origin origin : Origin.values()) {
            List<String> due = store.quarantine().ids(run.stream(), ids, origin);
            for (int from = 0; from < due.size(); from += PAGE) {
                List<String> some = due.subList(from, Math.min(from + PAGE, due.size()));
                page(run, origin, store.quarantine().list(run.stream(), some));
            }
        }
    }

    private void page(RetryingRun run, Origin origin, List<Entry> entries) throws Exception {
        Page page = reader.sorted(records(entries), null, clock.instant());
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(SyncRun.PROPERTY, run);
        exchange.getMessage()
                .setBody(run.takenUp(page, entries.stream().map(Entry::id).toList()));
        if (origin == Origin.SOURCE) {
            steps(run.stream()).getConsumer().getProcessor().process(exchange);
        } else {
            send(exchange, sink(run.stream()));
        }
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        Counts counts = run.pageSaved();
        reports.pageCommitted(run, counts);
        run.putDown();
    }

    private static ArrayNode records(List<Entry> entries) {
        ArrayNode records = JSON.createArrayNode();
        for (Entry entry : entries) {
            try {
                records.add(JSON.readTree(entry.record()));
            } catch (JsonProcessingException e) {
                throw new TerminalException(
                        "stream " + entry.stream() + ": the record " + entry.id() + " in keyset_sync_quarantine is not"
                                + " JSON; correct or drop it",
                        e);
            }
        }
        return records;
    }

    private void send(Exchange exchange, KameletEndpoint endpoint) throws Exception {
        try (ProducerTemplate producer = context.createProducerTemplate()) {
            producer.send(endpoint, exchange);
        }
    }

    private Route steps(String stream) {
        return context.getRoutes().stream()
                .filter(route -> isOurs(route.getEndpoint(), "keyset-sync-source", stream))
                .findFirst()
                .orElseThrow(() -> missing("keyset-sync-source", stream));
    }

    private KameletEndpoint sink(String stream) {
        return context.getEndpoints().stream()
                .filter(endpoint -> isOurs(endpoint, "jdbc-upsert-sink", stream))
                .map(KameletEndpoint.class::cast)
                .findFirst()
                .orElseThrow(() -> missing("jdbc-upsert-sink", stream));
    }

    private static boolean isOurs(Endpoint endpoint, String kamelet, String stream) {
        return endpoint instanceof KameletEndpoint ours
                && ours.getTemplateId().equals(kamelet)
                && stream.equals(ours.getKameletProperties().get("stream"));
    }

    private static ConfigurationException missing(String kamelet, String stream) {
        return new ConfigurationException("stream " + stream + ": no route has kamelet:" + kamelet
                + " with this stream, so that nothing says where its records go");
    }
}
