package io.keysetsync.run;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The runs under way in one CamelContext, which are told when it stops, or when their routes are to change. A context gets
 * one of these, however many streams come and go, and it holds on to a stream only while that has a run.
 */
public final class RunsUnderWay extends LifecycleStrategySupport {

    private static final String STOPPING = "the program is stopping";
    private static final String CHANGING = "its routes are being replaced";

    private final Map<Run, Consumer<String>> stops = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
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
        } else if (held.contains(run.stream())) {
            stop.accept(CHANGING);
        }
    }

    public void ended(Run run) {
        stops.remove(run);
    }

    /**
     * Has a stream's run end as {@code interrupted}, as if the program were stopping: at once while it asks or waits, or
     * when the page that is being saved is committed. The same goes for a run that still begins, until {@link #release}.
     * It does not wait for the run's end.
     */
    public void hold(String stream) {
        held.add(stream);
        stops.forEach((run, stop) -> {
            if (run.stream().equals(stream)) {
                stop.accept(CHANGING);
            }
        });
    }

    /** A stream that was held has new routes. What was interrupted does not go on; its old routes can't run any more. */
    public void release(String stream) {
        held.remove(stream);
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
