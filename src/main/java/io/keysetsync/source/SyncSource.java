package io.keysetsync.source;

import io.keysetsync.Counts;
import io.keysetsync.Streams;
import io.keysetsync.http.ApiClient;
import io.keysetsync.metrics.StreamMetrics;
import io.keysetsync.paging.PageJson;
import io.keysetsync.paging.PageReader;
import io.keysetsync.parameters.KameletBean;
import io.keysetsync.parameters.TemplateParameters;
import io.keysetsync.parameters.UnknownParameters;
import io.keysetsync.run.AdvanceCursor;
import io.keysetsync.run.FirstRequest;
import io.keysetsync.run.Inspection;
import io.keysetsync.run.PageCommit;
import io.keysetsync.run.PageInFlight;
import io.keysetsync.run.Run;
import io.keysetsync.run.RunPlan;
import io.keysetsync.run.StreamCursor;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.BranchThreads;
import io.keysetsync.run.lifecycle.ClockWatch;
import io.keysetsync.run.lifecycle.LogLines;
import io.keysetsync.run.lifecycle.RunEnd;
import io.keysetsync.run.lifecycle.RunReports;
import io.keysetsync.run.lifecycle.RunsUnderWay;
import io.keysetsync.run.window.CommitWindow;
import io.keysetsync.store.SyncStore;
import java.net.URI;
import java.util.Objects;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;
import org.quartz.TriggerKey;

/**
 * The Java half of a stream's main loop. {@code keyset-sync-source.kamelet.yaml} holds the flow and calls one method of
 * this class, or of {@link PageFetch}, at each step that Camel's components can't do.
 */
public final class SyncSource extends KameletBean
        implements HttpClientConfigurer, AggregationStrategy, PageJson.User, StreamRegistry.Source {

    /** The page that is being saved, and the one that is being fetched. */
    private static final int PAGES_OF_A_RUN = 2;

    private final Lanes lanes = new Lanes(this);
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

    /** Reads and checks the Kamelet's parameters, when the route is created. */
    public void initialise() {
        CamelContext camel = camel();
        SourceParameters read = SourceParameters.read(TemplateParameters.ofRouteBeingCreated(camel), camel);
        UnknownParameters.check(camel);
        String stream = read.stream();
        StreamMetrics metrics = StreamMetrics.of(camel);
        ApiClient client = new ApiClient(
                stream,
                read.url(),
                read.limits(),
                read.credentials(),
                (status, took) -> metrics.requested(stream, status, took));
        RunReports reports = new RunReports(camel);
        parts = new Parts(
                read,
                new PageReader(read.page()),
                client,
                new Recovery(read, reports, () -> metrics.retried(stream)),
                reports,
                new RunEnd(camel, stream, reports, run -> client.release(run.lane(), camel)));
        StreamRegistry.of(camel).bind(this);
        metrics.added(stream);
        ClockWatch.over(camel);
        BranchThreads.of(camel);
        ClusterLanes.add(camel, this);
    }

    /** The name of the threads in which the branches of a run's turns work. */
    public String branchThreads() {
        return BranchThreads.name(camel());
    }

    /** The Quartz group of the stream's trigger. */
    public String triggerGroup() {
        return Streams.triggerGroup(camel());
    }

    private Parts parts() {
        return Objects.requireNonNull(parts);
    }

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
    public FirstRequest firstRequest(@Nullable String cursor) {
        return parameters().firstRequest(cursor);
    }

    ApiClient client() {
        return parts().client();
    }

    Recovery recovery() {
        return parts().recovery();
    }

    RunEnd end() {
        return parts().end();
    }

    RunReports reports() {
        return parts().reports();
    }

    /** Whether an endpoint is the trigger of this stream in this context. */
    boolean isTriggerOf(Endpoint endpoint) {
        return endpoint instanceof QuartzEndpoint trigger
                && trigger.getTriggerKey().equals(new TriggerKey(plan().stream(), triggerGroup()));
    }

    @Override
    public void readsPagesWith(PageJson mapper) {
        json = mapper;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        client().configureHttpClient(builder);
    }

    /** Begins a run, or a further lane of one: reads the cursor from its repository, opens the run's row. */
    public Run begin(Exchange exchange) {
        LogLines.nameUntilDone(plan().stream(), exchange);
        Run lane = Lanes.laneOf(exchange);
        if (lane != null) {
            LogLines.nameRun(lane.id());
            RunsUnderWay.of(camel()).begun(lane, exchange, () -> client().abort(lane.lane()));
            return lane;
        }
        StreamMetrics.of(camel()).look();
        StreamRegistry registry = StreamRegistry.of(camel());
        if (json != null) {
            int most = RunsUnderWay.of(camel()).most() + plan().parallelWindows() - 1;
            json.shareHeapAmong(PAGES_OF_A_RUN * most);
        }
        Run run = run(registry, Inspection.of(exchange));
        LogLines.nameRun(run.id());
        run.open();
        end().closeWith(exchange, run);
        exchange.setProperty(Run.PROPERTY, run); // an error from here on is that of this run
        run.start();
        RunsUnderWay.of(camel()).begun(run, exchange, () -> client().abort(run.lane()));
        reports().of(run.isDryRun()).begun(run);
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
        int maxQuarantined = registry.maxQuarantined(stream);
        PageCommit commit = plan().parallelWindows() > 1
                ? new CommitWindow(store, cursor.owner(), maxQuarantined)
                : new AdvanceCursor(store, cursor.owner(), maxQuarantined);
        return new Run(plan(), store, store.cursors().read(stream), parameters().newPaging(), commit, inspection);
    }

    /** Takes the cursor for the run, and prepares the stream's table for the run's pages. */
    public void prepare(Exchange exchange) {
        Run run = run(exchange);
        if (run.isFurtherLane()) {
            return;
        }
        StreamRegistry registry = StreamRegistry.of(camel());
        if (!run.isDryRun()) {
            run.beginAt(StreamCursor.of(registry, run.stream()).take());
        }
        registry.prepare(run);
    }

    /**
     * Hands the page in hand to the stream's steps: a message of its records, without the headers of the request and the
     * trigger, as every record that a step splits off would get a copy of each header. What these steps leave to be
     * closed is closed at the end of this branch, not of the run.
     */
    public void handOver(Exchange exchange) throws InterruptedException {
        Run run = run(exchange);
        beginBranch(run, exchange);
        HandOver.of(run, exchange);
    }

    /** Names the run in the thread of one of its branches. */
    static void beginBranch(Run run, Exchange exchange) {
        LogLines.nameUntilDone(run.stream(), run.id(), exchange);
        BranchThreads.workFor(exchange);
    }

    /** Counts the page, after the stream's steps for it have ended without an exception. */
    public void checkpoint(Exchange exchange) {
        Run run = run(exchange);
        LogLines.name(run.stream());
        LogLines.nameRun(run.id());
        Counts page = run.pageSaved();
        PageInFlight.leave(exchange);
        reports().of(run.isDryRun()).pageCommitted(run, page);
    }

    /**
     * Joins the branches of a turn. Camel calls this method as soon as the page in hand is saved, or can't be saved, and
     * again when the next page has been fetched. If the page was not saved, the fetch is broken off, and the run ends
     * with the error of the save.
     */
    @Override
    public Exchange aggregate(@Nullable Exchange save, Exchange branch) {
        Run run = run(branch);
        if (save != null) {
            if (!run.hasPage() && save.getException() == null) {
                save.setException(branch.getException());
            }
            return save;
        }
        if (branch.getException() != null || run.hasPage()) {
            RunsUnderWay.of(camel()).breakOff(run);
        }
        return branch;
    }

    /** Makes the fetched page the page in hand, unless the run has to end and leaves that page to the next run. */
    public void turn(Exchange exchange) {
        Run run = run(exchange);
        run.turn();
        if (run.hasNext()) {
            run.stop().check(null);
        }
    }

    /** Ends a run whose pages are all saved. */
    public void complete(Exchange exchange) throws Exception {
        Run run = run(exchange);
        if (lanes.complete(run)) {
            end().complete(run);
        }
    }

    /** Ends a run that could not continue, and reports why in one line. */
    public void fail(Exchange exchange) {
        Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Run run = Run.of(exchange);
        if (run == null) {
            end().failedToBegin(Inspection.of(exchange), error);
            return;
        }
        Throwable ofRun = lanes.fail(run, error);
        if (ofRun != null) {
            end().fail(run, ofRun);
        }
    }

    /** The run that an exchange belongs to. */
    static Run run(Exchange exchange) {
        return Objects.requireNonNull(Run.of(exchange), "no run is under way");
    }
}
