package io.keysetsync.source;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.FencedException;
import io.keysetsync.InterruptedRunException;
import io.keysetsync.Problems;
import io.keysetsync.RateLimitedException;
import io.keysetsync.RetryableException;
import io.keysetsync.RunEvent;
import io.keysetsync.SyncException;
import io.keysetsync.TerminalException;
import io.keysetsync.store.Counts;
import io.keysetsync.store.RunStatus;
import io.keysetsync.store.SyncStore;
import io.keysetsync.store.SyncStores;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.spi.ManagementStrategy;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.UnitOfWorkHelper;
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

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    private final Clock clock = Clock.systemUTC();
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable CamelContext context;
    private @Nullable SourceSettings source;
    private @Nullable ApiClient client;

    /** The Kamelet's parameters; Camel's bean binding fills them in before {@link #initialise}. */
    public Map<String, Object> getSettings() {
        return settings;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return Objects.requireNonNull(context);
    }

    /** Checks the parameters, when the route is created. */
    public void initialise() {
        source = SourceSettings.read(settings);
        client = new ApiClient(source.connectTimeout(), source.responseTimeout());
        KameletParameters.check(getCamelContext());
        getCamelContext().addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopped) {
                stop();
            }
        });
    }

    private SourceSettings source() {
        return Objects.requireNonNull(source);
    }

    /** Ends waits at once and breaks off the request under way, which holds no transaction. */
    private void stop() {
        stopping.countDown();
        client().abort();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        client().configureHttpClient(builder);
    }

    private ApiClient client() {
        return Objects.requireNonNull(client);
    }

    /** The mapper for pages: numbers keep their digits, and what follows the document is an error. */
    public static JsonMapper json() {
        return JsonMapper.builder()
                .enable(
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();
    }

    /** Begins a run: creates missing tables, reads the cursor from its repository, opens the run's row. */
    public SyncRun begin(Exchange exchange) {
        SyncStore store = SyncStores.of(getCamelContext())
                .prepare(source().stream(), source().cursorField().dotted());
        SyncRun run = new SyncRun(source(), store, exchange);
        closeWith(exchange, run);
        notify(run, RunEvent.Kind.BEGUN, RunStatus.RUNNING, null);
        return run;
    }

    /** Puts the next request into a message from which the last page's headers have been removed. */
    public void ask(Exchange exchange) {
        if (stopping.getCount() == 0) {
            throw new InterruptedRunException("stream " + source().stream() + ": the program is stopping");
        }
        Message message = exchange.getMessage();
        message.setBody(null);
        message.setHeader(HttpConstants.HTTP_METHOD, "GET");
        message.setHeader(HttpConstants.HTTP_QUERY, run(exchange).query());
    }

    /** Understands the response, and leaves its records in the body. */
    public void understand(Exchange exchange) {
        SyncRun run = run(exchange);
        Page page = new PageReader(source()).read(exchange.getMessage().getBody(JsonNode.class), clock.instant());
        exchange.getMessage().setBody(run.received(page));
        if (page.ahead() > 0) {
            LOG.warn(
                    "{}: {} records have a {} more than {} in the future; they are saved, but don't move the cursor",
                    run.stream(),
                    page.ahead(),
                    run.cursorField(),
                    source().futureTolerance());
        }
    }

    /** Decides what follows a failed attempt: a new scroll, another try after a wait, or the end of the run. */
    public void recover(Exchange exchange) throws InterruptedException {
        SyncRun run = run(exchange);
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (stopping.getCount() == 0) {
            throw new InterruptedRunException("stream " + run.stream() + ": the program is stopping", caught);
        }
        String what = "stream " + run.stream() + ": GET " + settings.get("url");
        Failure failure = Failure.of(caught, what, clock.instant());
        if (failure.tokenRefused() && run.restartAfterRefusal()) {
            LOG.warn("{}: the API refused the scroll token; starting over from the stored cursor", run.stream());
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
        LOG.warn("{}; attempt {} follows in {} ms", failure.error().getMessage(), attempt + 1, wait.toMillis());
        notify(run, RunEvent.Kind.WAITING, RunStatus.RUNNING, failure.error().getMessage());
        if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedRunException("stream " + run.stream() + ": the program is stopping");
        }
    }

    /** Goes on after the stream's steps for a page have ended without an exception. */
    public void checkpoint(Exchange exchange) {
        SyncRun run = run(exchange);
        Counts page = run.moveOn();
        release(exchange);
        RunEvent.State now = run.state(RunStatus.RUNNING, null);
        LOG.info(
                "{}: page {}: {} records, {} upserted, {} unchanged{}; cursor {}",
                now.stream(),
                now.total().pages(),
                page.records(),
                page.upserted(),
                page.unchanged(),
                page.quarantined() == 0 ? "" : ", " + page.quarantined() + " quarantined",
                shown(now.cursorTo()));
        notify(run, RunEvent.Kind.PAGE_COMMITTED, RunStatus.RUNNING, null);
    }

    /** A run is one exchange, however long: what a page left to be closed at the exchange's end is closed now. */
    private void release(Exchange exchange) {
        Exchange page = new DefaultExchange(getCamelContext());
        exchange.getUnitOfWork().handoverSynchronization(page);
        UnitOfWorkHelper.doneSynchronizations(page, page.getExchangeExtension().handoverCompletions());
    }

    /** Ends a run whose pages are all there. */
    public void complete(Exchange exchange) {
        end(run(exchange), RunStatus.COMPLETE, null);
    }

    /** Ends a run that could not go on, and says why in one line. */
    public void fail(Exchange exchange) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        SyncException known = Problems.known(caught);
        String message = known != null && known.getMessage() != null ? known.getMessage() : describe(caught);
        RunStatus status = status(known);
        LOG.debug("{}", message, caught);
        SyncRun run = SyncRun.of(exchange);
        if (run != null) {
            end(run, status, message);
            return;
        }
        LOG.error("{}", message);
        notify(
                RunEvent.Kind.ENDED,
                new RunEvent.State(source().stream(), "", status, Counts.NONE, null, null, Duration.ZERO, message));
    }

    /** Sees to it that a run is closed even where a step of the stream's own stops its exchange. */
    private void closeWith(Exchange exchange, SyncRun run) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (!run.hasEnded()) {
                    end(
                            run,
                            RunStatus.FAILED,
                            "stream " + run.stream() + ": a step of the stream's own stopped the run; to leave out"
                                    + " records or pages use the EIP 'filter' instead of 'stop'");
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
        return error instanceof InterruptedRunException || stopping.getCount() == 0
                ? RunStatus.INTERRUPTED
                : RunStatus.FAILED;
    }

    private String describe(Throwable error) {
        String stream = "stream " + source().stream() + ": ";
        return Problems.isFromDatabase(error)
                ? stream + "the database: " + Problems.describe(error)
                        + "; this page was rolled back, and the next run goes on from the cursor"
                : stream + Problems.describe(error);
    }

    private void end(SyncRun run, RunStatus status, @Nullable String error) {
        try {
            run.end(status, error);
        } catch (DataAccessException e) {
            LOG.debug("{}: the run's row could not be closed", run.stream(), e);
        }
        RunEvent.State state = run.state(status, error);
        String summary = "%s: %s: %d pages, %d records, %d upserted, %d unchanged in %.1f s; cursor %s -> %s"
                .formatted(
                        state.stream(),
                        status,
                        state.total().pages(),
                        state.total().records(),
                        state.total().upserted(),
                        state.total().unchanged(),
                        state.elapsed().toMillis() / 1000.0,
                        state.cursorFrom(),
                        state.cursorTo());
        if (status == RunStatus.COMPLETE) {
            LOG.info("{}", summary);
        } else if (status == RunStatus.INTERRUPTED) {
            LOG.warn("{}", summary);
        } else {
            LOG.error("{} ({})", error, summary);
        }
        notify(RunEvent.Kind.ENDED, state);
    }

    private static String shown(@Nullable String cursor) {
        return cursor == null ? "none" : cursor;
    }

    private void notify(SyncRun run, RunEvent.Kind kind, RunStatus status, @Nullable String error) {
        notify(kind, run.state(status, error));
    }

    private void notify(RunEvent.Kind kind, RunEvent.State state) {
        ManagementStrategy events = getCamelContext().getManagementStrategy();
        RunEvent event = new RunEvent(getCamelContext(), kind, state);
        for (EventNotifier notifier : events.getEventNotifiers()) {
            if (!notifier.isDisabled() && notifier.isEnabled(event)) {
                try {
                    notifier.notify(event);
                } catch (Exception e) {
                    LOG.warn("{}: a listener failed: {}", state.stream(), Problems.describe(e));
                }
            }
        }
    }

    private static SyncRun run(Exchange exchange) {
        return Objects.requireNonNull(SyncRun.of(exchange), "no run is under way");
    }
}
