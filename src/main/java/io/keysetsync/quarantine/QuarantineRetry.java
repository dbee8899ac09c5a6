package io.keysetsync.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageJson;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import io.keysetsync.run.Inspection;
import io.keysetsync.run.PageInFlight;
import io.keysetsync.run.Run;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.RunEnd;
import io.keysetsync.run.lifecycle.RunReports;
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
import org.jspecify.annotations.Nullable;

/**
 * Retries quarantined records of a stream. Records that now fit are saved just as if they came in a page, typed and
 * guarded, and leave the quarantine in the same transaction. The others stay there, with their current reason. Records
 * that the source had set aside go through the stream's steps first; records that the sink had set aside have already
 * passed the steps, and go straight to the sink.
 */
public final class QuarantineRetry {

    /** The most records in one transaction. */
    private static final int PAGE_SIZE = 500;

    private static final JsonMapper JSON = new PageJson();

    /** A retry's pages come from the quarantine. */
    private static final Paging NOTHING_TO_ASK = new Paging() {
        @Override
        public PageRequest first(@Nullable String cursor, @Nullable String until) {
            throw new IllegalStateException("a retry asks no API");
        }

        @Override
        public boolean isLast(Page page) {
            return true;
        }

        @Override
        public Next after(Page page, Progress progress) {
            return new Next.End();
        }
    };

    private final CamelContext context;
    private final StreamRegistry.Source source;
    private final SyncStore store;
    private final RunReports reports;
    private final Clock clock = Clock.systemUTC();

    private QuarantineRetry(CamelContext context, StreamRegistry.Source source, SyncStore store) {
        this.context = context;
        this.source = source;
        this.store = store;
        this.reports = new RunReports(context);
    }

    /**
     * Prepares to retry the records of a stream.
     *
     * @throws ConfigurationException if there is no such stream
     */
    public static QuarantineRetry of(CamelContext context, String stream) {
        StreamRegistry registry = StreamRegistry.of(context);
        return new QuarantineRetry(context, registry.source(stream), registry.storeOf(stream));
    }

    /**
     * Retries records in the calling thread. A retry has its own row in {@code keyset_sync_run}, can work at the same
     * time as a run of the stream, and does not move the cursor.
     *
     * @param ids of entries of this stream; empty for all
     * @return how the retry ended; the records counted as {@code upserted}, {@code unchanged} and {@code deleted} left
     *     the quarantine, those counted as {@code quarantined} stayed
     */
    public RunEvent.State retry(Collection<String> ids) {
        String stream = source.plan().stream();
        store.stateTables().create();
        LeaveCursor commit = new LeaveCursor(store);
        Run run = new Run(source.plan(), store, store.cursors().read(stream), NOTHING_TO_ASK, commit, Inspection.NONE);
        RunEnd end = new RunEnd(context, stream, reports, released -> {});
        run.open();
        reports.begun(run);
        try {
            StreamRegistry.of(context).prepare(run);
            retry(run, commit, ids);
            return end.complete(run);
        } catch (Exception e) {
            return end.fail(run, e);
        }
    }

    private void retry(Run run, LeaveCursor commit, Collection<String> ids) throws Exception {
        for (Origin origin : Origin.values()) {
            List<String> due = store.quarantine().ids(run.stream(), ids, origin);
            for (int from = 0; from < due.size(); from += PAGE_SIZE) {
                List<String> some = due.subList(from, Math.min(from + PAGE_SIZE, due.size()));
                commit.retrying(some);
                page(run, origin, store.quarantine().list(run.stream(), some));
            }
        }
    }

    private void page(Run run, Origin origin, List<Entry> entries) throws Exception {
        Page page = source.reader().of(records(entries), clock.instant());
        PageInFlight taken = run.resumed(page);
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(Run.PROPERTY, run);
        exchange.getMessage().setBody(taken.records());
        taken.handTo(exchange);
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
                + " with this stream, so its records have nowhere to go");
    }
}
