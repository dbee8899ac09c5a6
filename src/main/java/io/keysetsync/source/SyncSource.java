package io.keysetsync.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.Counts;
import io.keysetsync.Errors;
import io.keysetsync.FencedException;
import io.keysetsync.InterruptedRunException;
import io.keysetsync.RateLimitedException;
import io.keysetsync.RetryableException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.Streams;
import io.keysetsync.SyncException;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.database.DatabaseErrors;
import io.keysetsync.http.ApiClient;
import io.keysetsync.http.Failure;
import io.keysetsync.http.RateLimit;
import io.keysetsync.http.TokenRequests;
import io.keysetsync.inspect.InspectedRun;
import io.keysetsync.inspect.Inspection;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageReader;
import io.keysetsync.parameters.UnknownParameters;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.quarantine.RetryingRun;
import io.keysetsync.run.LogLines;
import io.keysetsync.run.RunReports;
import io.keysetsync.run.RunsUnderWay;
import io.keysetsync.run.StopSignal;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.SyncRun;
import io.keysetsync.store.SyncStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The beans' half of a stream's main loop. {@code keyset-sync-source.kamelet.yaml} holds the flow and calls one method
 * of this class at each step that needs more than Camel's own parts.
 */
public final class SyncSource implements CamelContextAware, HttpClientConfigurer {

    private static final Logger LOG = LoggerFactory.getLogger(SyncSource.class);

    /**
     * Bytes of the heap for each token of a page's JSON, at least, lest a page of many small values exhaust it: a value
     * takes about 80 as a node.
     */
    private static final int HEAP_PER_VALUE = 200;

    private final Clock clock = Clock.systemUTC();
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private @Nullable CamelContext context;
    private @Nullable Parts parts;

    /** What the parameters make of this source. */
    private record Parts(
            SourceParameters settings, PageReader reader, ApiClient client, StopSignal stop, RunReports reports) {}

    /** The Kamelet's parameters; Camel's bean binding fills them in before {@link #initialise}. */
    public Map<String, Object> getSettings() {
        return settings;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    /** Null until it is set: Spring's injector looks before it sets it. */
    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** Checks the parameters, when the route is created. */
    public void initialise() {
        SourceParameters read = SourceParameters.read(settings);
        settings.clear(); // of its secrets, each has its place by now
        UnknownParameters.check(getCamelContext());
        parts = new Parts(
                read,
                new PageReader(read),
                new ApiClient(read.stream(), read.url(), read.limits(), read.credentials()),
                new StopSignal(read.stream()),
                new RunReports(getCamelContext()));
    }

    /** Ends waits at once, and breaks off the request under way, which holds no transaction. */
    private void stop(String why) {
        parts().stop().raise(why);
        parts().client().abort();
    }

    /** The group of the stream's trigger. */
    public String triggerGroup() {
        return Streams.triggerGroup(getCamelContext());
    }

    private Parts parts() {
        return Objects.requireNonNull(parts);
    }

    private SourceParameters source() {
        return parts().settings();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        parts().client().configureHttpClient(builder);
    }

    /**
     * The mapper for pages: numbers keep their digits, and what follows the document is an error. A text may be as long
     * as its page; how deep values nest, and how many digits a number has, Jackson's own limits bound.
     */
    public static JsonMapper json() {
        JsonFactory bounded = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxTokenCount(Runtime.getRuntime().maxMemory() / HEAP_PER_VALUE)
                        .build())
                .build();
        return JsonMapper.builder(bounded)
                .enable(
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** Begins a run: reads the cursor from its repository, opens the run's row. */
    public SyncRun begin(Exchange exchange) {
        LogLines.name(source().stream(), exchange);
        Inspection inspection = exchange.getProperty(Inspection.PROPERTY, Inspection.class);
        SyncRun run = inspection == null ? run() : inspectedRun(inspection);
        run.open();
        closeWith(exchange, run);
        RunsUnderWay.of(getCamelContext()).begun(run, this::stop);
        reports(run).begun(run);
        return run;
    }

    private SyncRun run() {
        StreamRegistry stores = StreamRegistry.of(getCamelContext());
        String stream = source().stream();
        SyncStore store = stores.storeOf(stream);
        store.tables().createState();
        return new SyncRun(
                source(), store, stores.maxQuarantined(stream), store.cursors().read(stream));
    }

    private SyncRun inspectedRun(Inspection inspection) {
        String stream = source().stream();
        SyncStore store = StreamRegistry.of(getCamelContext()).storeOf(stream);
        Mark mark = store.tables().haveState() ? store.cursors().read(stream) : new Mark(null, 0);
        return new InspectedRun(source(), store, mark, inspection);
    }

    /** Has the stream's table ready for the run's pages. */
    public void prepare(Exchange exchange) {
        StreamRegistry.of(getCamelContext())
                .prepare(
                        source().stream(),
                        source().cursorField().dotted(),
                        run(exchange).looksOnly());
    }

    private RunReports reports(SyncRun run) {
        return run instanceof InspectedRun ? RunReports.NONE : parts().reports();
    }

    /** The source of a stream in a context, found by the endpoint of its requests; empty where it has none. */
    public static Optional<SyncSource> of(CamelContext context, String stream) {
        return context.getEndpoints().stream()
                .filter(HttpEndpoint.class::isInstance)
                .map(endpoint -> ((HttpEndpoint) endpoint).getHttpClientConfigurer())
                .filter(SyncSource.class::isInstance)
                .map(SyncSource.class::cast)
                .filter(source -> source.source().stream().equals(stream))
                .findFirst();
    }

    /**
     * Takes records up again that were set aside, and saves those that fit by now, just as if a page had brought them:
     * typed, guarded, in one transaction with their end in the quarantine. The others stay there, for the reason that
     * they have now. It has a run's row of its own, may go on beside a run of the stream, and leaves the cursor alone.
     *
     * @param ids of entries of this stream; empty for all
     * @return how it ended; {@code upserted}, {@code unchanged} and {@code deleted} left the quarantine,
     *     {@code quarantined} stayed
     */
    public RunEvent.State retry(Collection<String> ids) {
        StreamRegistry stores = StreamRegistry.of(getCamelContext());
        String stream = source().stream();
        SyncStore store = stores.storeOf(stream);
        store.tables().createState();
        RetryingRun run = new RetryingRun(source(), store, store.cursors().read(stream));
        run.open();
        parts().reports().begun(run);
        try {
            stores.prepare(stream, source().cursorField().dotted(), false);
            new QuarantineRetry(getCamelContext(), parts().reader(), parts().reports(), clock).retry(run, ids);
            return end(run, RunStatus.COMPLETE, null, null);
        } catch (Exception e) {
            return fail(run, e);
        }
    }

    /** Puts the next request into a message from which the last page's headers have been removed. */
    public void ask(Exchange exchange) {
        parts().stop().check(null);
        Message message = exchange.getMessage();
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, "GET");
        message.setHeader(HttpConstants.HTTP_QUERY, run(exchange).query());
    }

    /** Waits for the stream's turn, where it may not ask as fast as it can. */
    public void pace(Exchange exchange) throws InterruptedException {
        RateLimit pace = source().pace();
        if (pace != null) {
            parts().stop().pause(pace.untilNext());
        }
    }

    /** Has a token ready, where the API wants one. */
    public void signIn(Exchange exchange) {
        HttpClient client = parts().client().client(getCamelContext());
        source().credentials().prepare(new TokenRequests(source().stream(), client, clock));
    }

    /**
     * Understands the response, and makes a message of its records, without the request's and the trigger's headers:
     * every record that is split off would get a copy of each.
     */
    public void understand(Exchange exchange) {
        SyncRun run = run(exchange);
        JsonNode body = exchange.getMessage().getBody(JsonNode.class);
        if (body != null) {
            run.answered(body);
        }
        Page page = parts().reader().read(body, clock.instant());
        source().credentials().accepted();
        SyncRun.makeWhole(exchange);
        Message records = new DefaultMessage(exchange);
        records.setBody(run.received(page));
        exchange.setMessage(records);
        if (page.ahead() > 0) {
            reports(run).ahead(run, page.ahead(), source().futureTolerance());
        }
    }

    /** Decides what follows a failed attempt: a new scroll, another try after a wait, or the end of the run. */
    public void recover(Exchange exchange) throws InterruptedException {
        SyncRun run = run(exchange);
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        parts().stop().check(caught);
        Failure failure = Failure.of(caught, parts().client().what(), clock.instant());
        if (failure.refusesCredentials() && source().credentials().renew()) {
            reports(run).credentialsRefused(run);
            return;
        }
        if (run instanceof InspectedRun inspected) {
            if (inspected.goesOnAfter(failure)) {
                return;
            }
            throw failure.error();
        }
        if (failure.refusesToken() && run.restartAfterRefusal()) {
            reports(run).tokenRefused(run);
            return;
        }
        if (!(failure.error() instanceof RetryableException)) {
            throw failure.error();
        }
        int attempt = run.attemptFailed();
        if (attempt >= source().retries().attempts()) {
            throw new TerminalException(failure.error().getMessage() + " (" + attempt + " attempts)", caught);
        }
        pause(run, failure, attempt);
    }

    private void pause(SyncRun run, Failure failure, int attempt) throws InterruptedException {
        Duration wait = failure.retryAfter() == null ? source().retries().delayAfter(attempt) : failure.retryAfter();
        if (failure.retryAfter() != null && wait.compareTo(source().retries().maxRetryAfter()) > 0) {
            throw new RateLimitedException(failure.error().getMessage() + " and asked to wait " + wait
                    + ", longer than maxRetryAfter; the next run goes on from here");
        }
        reports(run).waiting(run, String.valueOf(failure.error().getMessage()), attempt + 1, wait);
        parts().stop().pause(wait);
    }

    /** Goes on after the stream's steps for a page have ended without an exception. */
    public void checkpoint(Exchange exchange) {
        SyncRun run = run(exchange);
        Counts page = run.pageSaved();
        release(exchange);
        reports(run).pageCommitted(run, page);
        run.planNext();
    }

    /** A run is one exchange, however long: what a page left to be closed at the exchange's end is closed now. */
    private void release(Exchange exchange) {
        Exchange page = new DefaultExchange(getCamelContext());
        exchange.getUnitOfWork().handoverSynchronization(page);
        UnitOfWorkHelper.doneSynchronizations(page, page.getExchangeExtension().handoverCompletions());
    }

    /** Ends a run whose pages are all there. */
    public void complete(Exchange exchange) {
        end(run(exchange), RunStatus.COMPLETE, null, null);
    }

    /** Ends a run that could not go on, and says why in one line. */
    public void fail(Exchange exchange) {
        Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        SyncRun run = SyncRun.of(exchange);
        Inspection inspection = exchange.getProperty(Inspection.PROPERTY, Inspection.class);
        if (run == null && inspection != null) {
            SyncException known = Errors.known(error);
            inspection.ended(RunStatus.FAILED, known == null ? describe(error) : String.valueOf(known.getMessage()));
        } else {
            fail(run, error);
        }
    }

    private RunEvent.State fail(@Nullable SyncRun run, Throwable error) {
        Throwable caught = DatabaseErrors.beforeRollback(error);
        SyncException known = Errors.known(caught);
        String line = known != null && known.getMessage() != null ? known.getMessage() : describe(caught);
        if (run != null) {
            return end(run, status(known), line, caught);
        }
        RunEvent.State state = RunEvent.State.notBegun(source().stream(), status(known), line);
        parts().reports().ended(state, caught);
        return state;
    }

    /** Sees to it that a run is closed even where a step of the stream's own stops its exchange. */
    private void closeWith(Exchange exchange, SyncRun run) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (!run.hasEnded()) {
                    String error =
                            "stream " + run.stream() + ": a step of the stream's own stopped the run; to leave out"
                                    + " records or pages use the EIP 'filter' instead of 'stop'";
                    end(run, RunStatus.FAILED, error, null);
                }
            }

            @Override
            public boolean allowHandover() {
                return false;
            }
        });
    }

    private RunStatus status(@Nullable SyncException error) {
        if (error instanceof FencedException) {
            return RunStatus.FENCED;
        }
        if (error instanceof RateLimitedException) {
            return RunStatus.RATE_LIMITED;
        }
        return error instanceof InterruptedRunException || parts().stop().isRaised()
                ? RunStatus.INTERRUPTED
                : RunStatus.FAILED;
    }

    private String describe(Throwable error) {
        return "stream " + source().stream() + ": "
                + (DatabaseErrors.isOne(error)
                        ? "the database: " + DatabaseErrors.describe(error)
                                + "; nothing of this page was saved, and the next run goes on from the cursor"
                        : Errors.describe(error));
    }

    private RunEvent.State end(SyncRun run, RunStatus status, @Nullable String error, @Nullable Throwable cause) {
        RunsUnderWay.of(getCamelContext()).ended(run);
        try {
            run.end(status, error);
        } catch (DataAccessException e) {
            // the next run finds the row still running and closes it
            LOG.debug("{}: the run's row could not be closed", run.stream(), e);
        }
        parts().client().closeIdle(getCamelContext());
        RunEvent.State state = run.state(status, error);
        reports(run).ended(state, cause);
        return state;
    }

    private static SyncRun run(Exchange exchange) {
        return Objects.requireNonNull(SyncRun.of(exchange), "no run is under way");
    }
}
