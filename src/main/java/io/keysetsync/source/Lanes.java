package io.keysetsync.source;

import io.keysetsync.RunStatus;
import io.keysetsync.TerminalException;
import io.keysetsync.run.Run;
import io.keysetsync.run.lifecycle.BranchThreads;
import io.keysetsync.run.lifecycle.RunEnd;
import io.keysetsync.run.window.CommitWindow;
import io.keysetsync.run.window.SharedWindows;
import io.keysetsync.store.ClusterSetting;
import io.keysetsync.store.NodeName;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The lanes of a run that asks for several windows at the same time ({@code parallelWindows}). Each further lane is an
 * exchange of its own through the stream's route, from {@code begin} to {@code complete}.
 */
public final class Lanes {

    /** The exchange property of the lane that an exchange is for, unless the exchange begins a run. */
    private static final String LANE = "keysetSyncLane";

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private @Nullable SyncSource source;

    /** The lanes of a source that is set later, as a bean of the template. */
    public Lanes() {}

    Lanes(SyncSource source) {
        this.source = source;
    }

    /** Sets the source whose windows are read; Camel's bean binding calls it. */
    public void setSource(SyncSource owner) {
        source = owner;
    }

    private SyncSource source() {
        return Objects.requireNonNull(source);
    }

    /** The lane that an exchange is for; null if the exchange begins a run. */
    static @Nullable Run laneOf(Exchange exchange) {
        return exchange.getProperty(LANE, Run.class);
    }

    /** Takes a window for the run, and opens further lanes, if {@code parallelWindows} asks for that. */
    public void open(Exchange exchange) {
        Run run = SyncSource.run(exchange);
        if (run.isFurtherLane() || !(run.commit() instanceof CommitWindow commit)) {
            return;
        }
        String plan = source().parameters().windowsPlan(commit.owner());
        String node = NodeName.of(exchange.getContext());
        SharedWindows windows = SharedWindows.begin(
                run, commit, plan, () -> source().parameters().newPaging(), node);
        closeWith(exchange, run, windows);
        windows.next(run);
        if (ClusterSetting.isOn(exchange.getContext())) {
            return; // each node opens lanes in its turn
        }
        for (Run lane = windows.open(); lane != null; lane = windows.open()) {
            start(lane, windows, exchange.getContext());
        }
    }

    /** Takes the next window, if the lane has read one to its end. */
    public void next(Exchange exchange) throws InterruptedException {
        Run run = SyncSource.run(exchange);
        SharedWindows windows = CommitWindow.windowsOf(run);
        if (windows == null || run.hasNext()) {
            return;
        }
        boolean isAlone = run.isFurtherLane() || !ClusterSetting.isOn(exchange.getContext());
        if (!windows.next(run) && !isAlone) {
            windows.awaitOthers();
        }
    }

    /** Begins a further lane, which has a window. */
    void start(Run lane, SharedWindows windows, CamelContext context) {
        Route route = route(lane.stream(), context);
        Exchange exchange = route.getConsumer().createExchange(false);
        exchange.setProperty(LANE, lane);
        try {
            BranchThreads.of(context).execute(() -> work(route, exchange, windows));
        } catch (RejectedExecutionException e) {
            boolean unused = windows.failed(lane, RunStatus.INTERRUPTED, e, "the program is stopping");
            windows.lanes().ended();
        }
    }

    private Route route(String stream, CamelContext context) {
        return context.getRoutes().stream()
                .filter(each -> source().isTriggerOf(each.getEndpoint()))
                .findFirst()
                .orElseThrow(() -> new TerminalException("stream " + stream + ": its route is stopped"));
    }

    private void work(Route route, Exchange exchange, SharedWindows windows) {
        Run lane = Objects.requireNonNull(laneOf(exchange));
        try {
            route.getConsumer().getProcessor().process(exchange);
        } catch (Throwable e) {
            exchange.setException(e);
        } finally {
            if (!lane.hasEnded()) {
                failed(lane, windows, Objects.requireNonNullElseGet(exchange.getException(), () -> stopped(lane)));
            }
            windows.lanes().ended();
        }
    }

    private static TerminalException stopped(Run run) {
        return new TerminalException("stream " + run.stream() + ": a step of the stream stopped the run; to leave out"
                + " records or pages use the EIP 'filter' instead of 'stop'");
    }

    /** Makes sure that no lane is left if the first exchange of a run ends without its last steps. */
    private void closeWith(Exchange exchange, Run run, SharedWindows windows) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (!run.hasEnded()) {
                    release(run, windows, Objects.requireNonNullElseGet(done.getException(), () -> stopped(run)));
                    windows.lanes().await();
                }
            }

            @Override
            public boolean allowHandover() {
                return false;
            }
        });
    }

    /**
     * Completes what an exchange has done for its run.
     *
     * @return whether the run is complete, and only has to end
     */
    boolean complete(Run run) throws Exception {
        SharedWindows windows = CommitWindow.windowsOf(run);
        if (run.isFurtherLane()) {
            source().end().laneEnded(run);
            return false;
        }
        if (windows != null) {
            windows.lanes().await();
            Throwable failure = windows.lanes().failure();
            if (failure != null) {
                throw failure instanceof Exception error ? error : new IllegalStateException(failure);
            }
            windows.complete();
        }
        return true;
    }

    /**
     * Notes that an exchange can't continue; the other lanes read their windows to the end.
     *
     * @return the error with which the run has to end; null if another exchange ends the run
     */
    @Nullable
    Throwable fail(Run run, Throwable error) {
        SharedWindows windows = CommitWindow.windowsOf(run);
        if (windows == null) {
            return error;
        }
        if (run.isFurtherLane()) {
            failed(run, windows, error);
            return null;
        }
        release(run, windows, error);
        windows.lanes().await();
        return Objects.requireNonNullElse(windows.lanes().failure(), error);
    }

    private void failed(Run lane, SharedWindows windows, Throwable error) {
        release(lane, windows, error);
        source().end().laneEnded(lane);
    }

    private void release(Run lane, SharedWindows windows, Throwable error) {
        Throwable caught = RunEnd.causeOf(lane, error);
        try {
            RunEnd end = source().end();
            String line = end.line(caught);
            if (!windows.failed(lane, end.statusOf(lane, caught), caught, line)) {
                LOG.warn("{}", line); // nobody else reports it: the run has given the window to another lane
            }
        } catch (DataAccessException e) {
            LOG.debug("{}: the window could not be released", lane.stream(), e); // the next run finds it
        }
    }
}
