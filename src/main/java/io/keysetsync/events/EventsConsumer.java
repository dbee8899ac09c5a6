package io.keysetsync.events;

import io.keysetsync.Errors;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.LogLines;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ServiceStatus;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.InflightRepository;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a handler, a route from the Kamelet, its events, one at a time in a separate thread. Nothing that the handler does
 * affects runs or other handlers. When the context stops, events are handled for up to two seconds after the last one came.
 */
final class EventsConsumer extends DefaultConsumer implements ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(EventsConsumer.class);

    private static final Pattern ADDRESS = Pattern.compile("(https?://[^/\\s?]+)[/?]\\S+");

    private static final Duration AT_THE_END = Duration.ofSeconds(2);

    /** The time that a handler which is interrupted has to end. */
    private static final Duration TO_GIVE_UP = Duration.ofMillis(200);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final CamelContext context;
    private final EventsComponent component;
    private final EventSelection selection;
    private final EventQueue queue = new EventQueue();
    private final EventJson json;
    private final OverdueStreams overdue;
    private @Nullable ExecutorService thread;
    private @Nullable ScheduledExecutorService end;
    private volatile CountDownLatch stopped = new CountDownLatch(0);
    private volatile @Nullable Thread worker;
    private volatile @Nullable Exchange handled;
    private volatile boolean isEnding;
    private volatile long offers;

    EventsConsumer(EventsEndpoint endpoint, Processor processor, EventSelection selection) {
        super(endpoint, processor);
        this.context = endpoint.getCamelContext();
        this.component = (EventsComponent) endpoint.getComponent();
        this.selection = selection;
        this.json = new EventJson(context);
        this.overdue = new OverdueStreams(context, component.events().pasts(), selection);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (component.isSilent()) {
            return;
        }
        isEnding = false;
        stopped = new CountDownLatch(1);
        thread = context.getExecutorServiceManager().newSingleThreadExecutor(this, "keyset-sync-events");
        Future<?> unused = thread.submit(this::work);
        component.events().add(this);
    }

    @Override
    protected void doStop() throws Exception {
        component.events().remove(this);
        stopped.countDown();
        queue.clear();
        for (ExecutorService each : new ExecutorService[] {thread, end}) {
            if (each != null) {
                context.getExecutorServiceManager().shutdownNow(each);
            }
        }
        thread = null;
        end = null;
        super.doStop();
    }

    /** Whether this hands events to a route. */
    boolean isOf(String route) {
        return selection.route().equals(route);
    }

    /** Adds an event to the queue, in the thread of its run. */
    void offer(Event event) {
        if (!selection.takes(event) && !overdue.dependsOn(event)) {
            return;
        }
        if (queue.offer(event)) {
            LOG.warn(
                    "route {}: {} events wait, which is the most; the oldest go, until the route has handled the others",
                    selection.route(),
                    EventQueue.CAPACITY);
        }
        if (isEnding) {
            giveUpLater();
        }
    }

    boolean awaitHandled(Duration most) throws InterruptedException {
        return queue.awaitIdle(most);
    }

    private void work() {
        worker = Thread.currentThread();
        boolean isChecked = false;
        while (stopped.getCount() > 0) {
            try {
                if (!isReady()) {
                    boolean unused = stopped.await(SHORTEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    isChecked = isChecked || checkStreams();
                    next();
                }
            } catch (InterruptedException e) {
                LOG.debug("route {}: interrupted", selection.route()); // the end of this thread has another signal
            } catch (RuntimeException | Error e) {
                LOG.error("route {}: an event could not be made: {}", selection.route(), Errors.describe(e));
                LOG.debug("route {}", selection.route(), e);
            }
        }
    }

    /** Whether the route takes events: it may still be starting, or be stopped for a while. */
    private boolean isReady() {
        ServiceStatus status = context.getRouteController().getRouteStatus(selection.route());
        return status != null && status.isStarted();
    }

    private boolean checkStreams() {
        TreeSet<String> unknown = new TreeSet<>(selection.streams());
        unknown.removeAll(StreamRegistry.of(context).streams());
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "route {}: parameter streams names {}, and there is no such stream; correct the name",
                    selection.route(),
                    String.join(", ", unknown));
        }
        return true;
    }

    private void next() throws InterruptedException {
        Event event = queue.take(overdue.pause());
        try {
            if (event != null && selection.takes(event)) {
                send(event);
            }
            if (event != null) {
                overdue.after(event).forEach(this::send);
            }
        } finally {
            queue.handled();
        }
        if (!isEnding) {
            overdue.look().forEach(this::send);
        }
    }

    private void send(Event event) {
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(json.of(event));
        LogLines.nameUntilDone(event.stream(), exchange);
        handled = exchange;
        try {
            getProcessor().process(exchange);
        } catch (Exception | Error e) {
            exchange.setException(e);
        }
        handled = null;
        Throwable error = exchange.getException();
        if (error != null) {
            LOG.error(
                    "route {}: the event '{}' of stream {} was not handled: {}; runs and other routes continue",
                    selection.route(),
                    event.kind(),
                    event.stream(),
                    masked(Errors.describe(error)));
            LOG.debug("route {}: an event was not handled", selection.route(), error);
        }
        releaseExchange(exchange, false);
    }

    /** Without what follows the host in addresses: a chat's webhook is a secret. */
    private static String masked(String error) {
        return ADDRESS.matcher(URISupport.sanitizeUri(error)).replaceAll("$1/…");
    }

    /** Defers the end of this consumer to that of the streams, whose last events are to be handled. */
    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        isEnding = true;
        giveUpLater();
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return queue.isIdle() ? 0 : 1;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {}

    private synchronized void giveUpLater() {
        if (end == null) {
            end = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "keyset-sync-events-end");
        }
        long now = ++offers;
        Future<?> unused = end.schedule(
                () -> {
                    if (offers == now && !queue.isIdle()) {
                        giveUp();
                    }
                },
                AT_THE_END.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void giveUp() {
        int lost = queue.clear();
        LOG.warn(
                "route {}: {} not handled within {} s of the program's end",
                selection.route(),
                lost == 1 ? "the last event was" : "the last " + lost + " events were",
                AT_THE_END.toSeconds());
        Thread busy = worker;
        if (busy != null) {
            busy.interrupt();
        }
        try {
            if (!queue.awaitIdle(TO_GIVE_UP)) {
                letGo();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the context stop, although the handler doesn't end: Camel would wait for the handler's exchange. */
    private void letGo() {
        Exchange stuck = handled;
        if (stuck != null) {
            InflightRepository inflight = context.getInflightRepository();
            inflight.remove(stuck, getRouteId());
            inflight.remove(stuck, selection.route());
            inflight.remove(stuck);
        }
        queue.handled();
    }
}
