package io.keysetsync.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The runs under way in one CamelContext, which are told when it stops. A context gets one of these, however many streams
 * come and go, and it holds on to a stream only while that has a run.
 */
final class RunsUnderWay extends LifecycleStrategySupport {

    private final Map<SyncRun, Runnable> stops = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private RunsUnderWay() {}

    /** The context's own; made when first asked for. */
    static RunsUnderWay of(CamelContext context) {
        synchronized (context) {
            RunsUnderWay runs = context.getCamelContextExtension().getContextPlugin(RunsUnderWay.class);
            if (runs == null) {
                runs = new RunsUnderWay();
                context.getCamelContextExtension().addContextPlugin(RunsUnderWay.class, runs);
                context.addLifecycleStrategy(runs);
            }
            return runs;
        }
    }

    /** A run begins; {@code stop} is called when the context stops before the run has ended, or has stopped already. */
    void begun(SyncRun run, Runnable stop) {
        stops.put(run, stop);
        if (stopping) {
            stop.run();
        }
    }

    void ended(SyncRun run) {
        stops.remove(run);
    }

    /** Called before Camel waits for the exchanges under way. */
    @Override
    public void onContextStopping(CamelContext context) {
        stopping = true;
        stops.values().forEach(Runnable::run);
    }
}
