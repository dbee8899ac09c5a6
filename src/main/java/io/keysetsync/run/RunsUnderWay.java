package io.keysetsync.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The runs under way in one CamelContext, which are told when it stops. A context gets one of these, however many streams
 * come and go, and it holds on to a stream only while that has a run.
 */
public final class RunsUnderWay extends LifecycleStrategySupport {

    private static final String STOPPING = "the program is stopping";

    private final Map<Run, Consumer<String>> stops = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private RunsUnderWay() {}

    /** The context's own; made when first asked for. */
    public static RunsUnderWay of(CamelContext context) {
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

    /**
     * A run begins.
     *
     * @param stop is called with the reason, where the run has to end before its time, or had to before it began
     */
    public void begun(Run run, Consumer<String> stop) {
        stops.put(run, stop);
        if (stopping) {
            stop.accept(STOPPING);
        }
    }

    public void ended(Run run) {
        stops.remove(run);
    }

    /** Called when a context starts, again too: the runs of its new start are not those that it has stopped. */
    @Override
    public void onContextStarting(CamelContext context) {
        stopping = false;
    }

    /** Called before Camel waits for the exchanges under way. */
    @Override
    public void onContextStopping(CamelContext context) {
        stopping = true;
        stops.values().forEach(stop -> stop.accept(STOPPING));
    }
}
