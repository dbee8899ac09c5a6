package io.keysetsync.run.lifecycle;

import io.keysetsync.Streams;
import io.keysetsync.database.Tables;
import io.keysetsync.run.Run;
import io.keysetsync.run.StreamRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.UnitOfWorkHelper;
import org.jspecify.annotations.Nullable;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.JobListener;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs under way in one CamelContext, which are stopped when the context stops. A context has one instance, which
 * refers to a stream only while the stream has a run.
 */
public final class RunsUnderWay extends LifecycleStrategySupport implements JobListener {

    private static final Logger LOG = LoggerFactory.getLogger(RunsUnderWay.class);

    private static final String STOPPING = "the program is stopping";

    private final CamelContext context;
    private final Map<Run, Begun> runs = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile boolean isListening;

    /** A run's exchange and thread, and the action that breaks off its request. */
    private record Begun(Run run, Exchange exchange, Thread thread, Runnable abort) {

        void stop() {
            run.stop().raise(STOPPING);
            abort.run();
            Tables.endWait(run.writer());
        }

        void breakOff() {
            run.stop().breakOff();
            abort.run();
        }
    }

    private RunsUnderWay(CamelContext context) {
        this.context = context;
    }

    /** The instance of a context; created on first use. */
    public static RunsUnderWay of(CamelContext context) {
        synchronized (context) {
            RunsUnderWay runs = context.getCamelContextExtension().getContextPlugin(RunsUnderWay.class);
            if (runs == null) {
                runs = new RunsUnderWay(context);
                context.getCamelContextExtension().addContextPlugin(RunsUnderWay.class, runs);
                context.addLifecycleStrategy(runs);
            }
            return runs;
        }
    }

    /**
     * Registers a run that begins. A context that is stopping ends it at once.
     *
     * @param abort breaks off the run's request, and allows no further one
     */
    public void begun(Run run, Exchange exchange, Runnable abort) {
        Begun begun = new Begun(run, exchange, Thread.currentThread(), abort);
        runs.put(run, begun);
        if (stopping) {
            begun.stop();
        }
        listen();
    }

    /** The runs under way; those that write nothing, and further lanes, are not among them. */
    public List<Run> all() {
        return runs.keySet().stream()
                .filter(run -> !run.isDryRun() && !run.isFurtherLane())
                .toList();
    }

    /** The most runs at the same time: at most one per stream, and at most one per thread of the scheduler. */
    public int most() {
        return Math.max(1, Math.min(StreamRegistry.of(context).streams().size(), schedulerThreads()));
    }

    private int schedulerThreads() {
        Scheduler scheduler = scheduler();
        try {
            return scheduler == null
                    ? Integer.MAX_VALUE
                    : scheduler.getMetaData().getThreadPoolSize();
        } catch (SchedulerException e) {
            LOG.debug("the scheduler can't be asked for its threads", e);
            return Integer.MAX_VALUE;
        }
    }

    /** Breaks off what a run fetches, because the page before it can't be saved. */
    public void breakOff(Run run) {
        Begun begun = runs.get(run);
        if (begun != null) {
            begun.breakOff();
        }
    }

    /** Ends a run in one of whose branches an error came up that no step of a route can catch. */
    void broken(Run run) {
        Begun begun = runs.get(run);
        if (begun != null) {
            begun.breakOff();
            begun.thread().interrupt(); // it waits for the branch
        }
    }

    void ended(Run run) {
        runs.remove(run);
    }

    /** Called when a context starts, also after a stop: runs of the restarted context must not be stopped. */
    @Override
    public void onContextStarting(CamelContext starting) {
        stopping = false;
    }

    /** Called before Camel waits for the exchanges under way. */
    @Override
    public void onContextStopping(CamelContext stopped) {
        stopping = true;
        runs.values().forEach(Begun::stop);
    }

    /** Removes the listener, because a scheduler may be shared and outlive this context. */
    @Override
    public void onContextStopped(CamelContext stopped) {
        Scheduler scheduler = scheduler();
        if (isListening && scheduler != null) {
            isListening = false;
            try {
                scheduler.getListenerManager().removeJobListener(getName());
            } catch (SchedulerException e) {
                LOG.debug("the scheduler is gone", e);
            }
        }
    }

    private void listen() {
        Scheduler scheduler = scheduler();
        if (!isListening && scheduler != null) {
            try {
                scheduler.getListenerManager().addJobListener(this);
                isListening = true;
            } catch (SchedulerException e) {
                LOG.debug("the scheduler is gone", e);
            }
        }
    }

    private @Nullable Scheduler scheduler() {
        return context.getComponent("quartz", QuartzComponent.class).getScheduler();
    }

    @Override
    public String getName() {
        return "keyset-sync-" + context.getName();
    }

    @Override
    public void jobToBeExecuted(JobExecutionContext job) {}

    @Override
    public void jobExecutionVetoed(JobExecutionContext job) {}

    /**
     * Ends a run whose thread met an error that no step of a route can catch, such as an {@link OutOfMemoryError}.
     * Without this method, the run's row would stay {@code running}, and a context that stops would wait for the run's
     * exchange.
     */
    @Override
    public void jobWasExecuted(JobExecutionContext job, @Nullable JobExecutionException error) {
        JobKey key = job.getJobDetail().getKey();
        if (error == null || !key.getGroup().equals(Streams.triggerGroup(context))) {
            return;
        }
        runs.forEach((run, begun) -> {
            if (run.stream().equals(key.getName()) && !run.isDryRun() && !run.isFurtherLane()) {
                begun.exchange().setException(error);
                UnitOfWorkHelper.doneUow(begun.exchange().getUnitOfWork(), begun.exchange());
            }
        });
    }
}
