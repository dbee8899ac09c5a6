package io.keysetsync.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.Counts;
import io.keysetsync.Streams;
import io.keysetsync.http.ApiClient;
import io.keysetsync.http.Failure;
import io.keysetsync.http.LinkHeader;
import io.keysetsync.http.RateLimit;
import io.keysetsync.http.TokenRequests;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageJson;
import io.keysetsync.paging.PageReader;
import io.keysetsync.parameters.TemplateParameters;
import io.keysetsync.parameters.UnknownParameters;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.run.AdvanceCursor;
import io.keysetsync.run.Inspection;
import io.keysetsync.run.PageCommit;
import io.keysetsync.run.PageInFlight;
import io.keysetsync.run.Run;
import io.keysetsync.run.RunPlan;
import io.keysetsync.run.StreamCursor;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.ClockWatch;
import io.keysetsync.run.lifecycle.LogLines;
import io.keysetsync.run.lifecycle.RunEnd;
import io.keysetsync.run.lifecycle.RunReports;
import io.keysetsync.run.lifecycle.RunsUnderWay;
import io.keysetsync.store.SyncStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.UnitOfWorkHelper;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The Java half of a stream's main loop. {@code keyset-sync-source.kamelet.yaml} holds the flow and calls one method of
 * this class at each step that Camel's components can't do.
 */
public final class SyncSource implements CamelContextAware, HttpClientConfigurer, PageJson.User, StreamRegistry.Source {

    private final Clock clock = Clock.systemUTC();
    private @Nullable CamelContext context;
    private @Nullable PageJson json;
    private @Nullable Parts parts;

    /** The parts that are built from the parameters. */
    private record Parts(
            SourceParameters parameters,
            PageReader reader,
            ApiClient client,
            Recovery recovery,
            RunReports reports,
            RunEnd end) {}

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    /** Returns null until the context is set: Spring's injector calls this method before it sets the context. */
    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** Reads and checks the Kamelet's parameters, when the route is created. */
    public void initialise() {
        CamelContext camel = Objects.requireNonNull(context);
        SourceParameters read = SourceParameters.read(TemplateParameters.ofRouteBeingCreated(camel), camel);
        UnknownParameters.check(camel);
        ApiClient client = new ApiClient(read.stream(), read.url(), read.limits(), read.credentials());
        RunReports reports = new RunReports(camel);
        parts = new Parts(
                read,
                new PageReader(read.page()),
                client,
                new Recovery(read, reports),
                reports,
                new RunEnd(camel, read.stream(), reports, run -> client.release(run.id(), camel)));
        StreamRegistry.of(camel).bind(this);
        ClockWatch.over(camel);
    }

    /** The Quartz group of the stream's trigger. */
    public String triggerGroup() {
        return Streams.triggerGroup(getCamelContext());
    }

    private Parts parts() {
        return Objects.requireNonNull(parts);
    }

    /** The validated parameters. */
    public SourceParameters parameters() {
        return parts().parameters();
    }

    @Override
    public RunPlan plan() {
        return parameters().plan();
    }

    @Override
    public URI url() {
        return parameters().url();
    }

    @Override
    public PageReader reader() {
        return parts().reader();
    }

    @Override
    public void readsPagesWith(PageJson mapper) {
        json = mapper;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        parts().client().configureHttpClient(builder);
    }

    /** Begins a run: reads the cursor from its repository, opens the run's row. */
    public Run begin(Exchange exchange) {
        LogLines.nameUntilDone(plan().stream(), exchange);
        StreamRegistry registry = StreamRegistry.of(getCamelContext());
        if (json != null) {
            json.shareHeapAmong(registry.maxConcurrentRuns());
        }
        Run run = run(registry, Inspection.of(exchange));
        run.open();
        parts().end().closeWith(exchange, run);
        exchange.setProperty(Run.PROPERTY, run); // an error from here on is that of this run
        run.start();
        RunsUnderWay.of(getCamelContext()).begun(run, exchange, why -> {
            run.stop().raise(why);
            parts().client().abort(run.id());
        });
        parts().reports().of(run.isDryRun()).begun(run);
        return run;
    }

    private Run run(StreamRegistry registry, Inspection inspection) {
        String stream = plan().stream();
        SyncStore store = registry.storeOf(stream);
        StreamCursor cursor = StreamCursor.of(registry, stream);
        if (inspection.isDryRun()) {
            return new Run(plan(), store, cursor.look(), parameters().newPaging(), PageCommit.NOTHING, inspection);
        }
        store.stateTables().create();
        PageCommit commit = new AdvanceCursor(store, cursor.owner(), registry.maxQuarantined(stream));
        return new Run(plan(), store, store.cursors().read(stream), parameters().newPaging(), commit, inspection);
    }

    /** Takes the cursor for the run, and prepares the stream's table for the run's pages. */
    public void prepare(Exchange exchange) {
        Run run = run(exchange);
        StreamRegistry registry = StreamRegistry.of(getCamelContext());
        if (!run.isDryRun()) {
            run.beginAt(StreamCursor.of(registry, run.stream()).take());
        }
        registry.prepare(run);
    }

    /**
     * Puts the next request into a message from which the last page's headers have been removed. The answer is not
     * cached, even if the context has stream caching: a page is parsed as it arrives.
     */
    public void ask(Exchange exchange) {
        Run run = run(exchange);
        LogLines.name(run.stream());
        run.stop().check(null);
        RequestFormat format = run.inspection().requests(parameters().request());
        parts().client().sends(run.id(), format.target(run.request()), format.headers(run.request()));
        exchange.getExchangeExtension().setStreamCacheDisabled(true);
        Message message = exchange.getMessage();
        String body = format.body(run.request());
        message.setBody(body == null ? null : body.getBytes(StandardCharsets.UTF_8));
        message.setHeader(HttpConstants.HTTP_METHOD, format.method());
        if (body != null) {
            message.setHeader(HttpConstants.CONTENT_TYPE, "application/json");
        }
    }

    /** Waits until the stream may send its next request, if {@code maxRequestsPerSecond} limits its requests. */
    public void pace(Exchange exchange) throws InterruptedException {
        RateLimit rate = parameters().rate();
        if (rate != null) {
            run(exchange).stop().pause(rate.untilNext());
        }
    }

    /** Gets a token if the kind of authentication needs one. */
    public void signIn(Exchange exchange) {
        ApiClient client = parts().client();
        parameters().credentials().prepare(new TokenRequests(plan().stream(), client.client(getCamelContext()), clock));
    }

    /**
     * Parses the response into a page, and makes a message of the page's records, without the headers of the request
     * and the trigger: every record that a step splits off would get a copy of each header.
     */
    public void understand(Exchange exchange) {
        exchange.getExchangeExtension().setStreamCacheDisabled(false);
        Run run = run(exchange);
        boolean isEmpty = parts().client().wasEmpty(run.id());
        JsonNode body = isEmpty ? null : exchange.getMessage().getBody(JsonNode.class);
        if (body != null && run.isDryRun()) {
            run.inspection().answered(body, LinkHeader.next(parts().client().links(run.id())));
        }
        Page page = parts().reader().read(body, parts().client().links(run.id()), clock.instant());
        parameters().credentials().accepted();
        arrived(exchange, run, page);
    }

    private void arrived(Exchange exchange, Run run, Page page) {
        PageInFlight arrived = run.received(page);
        Message records = new DefaultMessage(exchange);
        records.setBody(arrived.records());
        exchange.setMessage(records);
        arrived.handTo(exchange);
        if (page.ahead() > 0) {
            parts().reports()
                    .of(run.isDryRun())
                    .ahead(run, page.ahead(), parameters().page().futureTolerance());
        }
    }

    /** Decides what follows a failed attempt: a new scroll, another try after a wait, or the end of the run. */
    public void recover(Exchange exchange) throws InterruptedException {
        exchange.getMessage().setBody(null); // so that no step caches the rest of a broken answer
        exchange.getExchangeExtension().setStreamCacheDisabled(false);
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Run run = run(exchange);
        run.stop().check(caught);
        ApiClient client = parts().client();
        Failure failure = Failure.of(caught, client.what(parameters().request().method()), clock.instant())
                .withAnswer(client.answerSummary(run.id()));
        if (parts().recovery().meansNoRecords(run, failure)) {
            arrived(exchange, run, Page.empty());
        } else {
            parts().recovery().after(run, failure, caught);
        }
    }

    /** Continues after the stream's steps for a page have ended without an exception. */
    public void checkpoint(Exchange exchange) {
        Run run = run(exchange);
        LogLines.name(run.stream());
        Counts page = run.pageSaved();
        release(exchange);
        parts().reports().of(run.isDryRun()).pageCommitted(run, page);
        run.planNext();
    }

    /** Closes now what a page left to be closed at the end of the exchange: a whole run is one exchange. */
    private void release(Exchange exchange) {
        Exchange page = new DefaultExchange(getCamelContext());
        exchange.getUnitOfWork().handoverSynchronization(page);
        UnitOfWorkHelper.doneSynchronizations(page, page.getExchangeExtension().handoverCompletions());
    }

    /** Ends a run whose pages are all saved. */
    public void complete(Exchange exchange) {
        parts().end().complete(run(exchange));
    }

    /** Ends a run that could not continue, and reports why in one line. */
    public void fail(Exchange exchange) {
        Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Run run = Run.of(exchange);
        if (run == null) {
            parts().end().failedToBegin(Inspection.of(exchange), error);
        } else {
            parts().end().fail(run, error);
        }
    }

    private static Run run(Exchange exchange) {
        return Objects.requireNonNull(Run.of(exchange), "no run is under way");
    }
}
