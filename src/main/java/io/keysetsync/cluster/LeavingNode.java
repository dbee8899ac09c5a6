package io.keysetsync.cluster;

import io.keysetsync.Errors;
import io.keysetsync.RunEvent;
import io.keysetsync.RunEvent.Kind;
import io.keysetsync.RunStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextRoutesStoppedEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.JobListener;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.listeners.TriggerListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the runs of a node that stops to the other nodes. To Quartz, a run that was interrupted is done, and so is a firing
 * that found its route stopped.
 */
final class LeavingNode extends EventNotifierSupport implements JobListener {

    private static final Logger LOG = LoggerFactory.getLogger(LeavingNode.class);

    /** Stands for a run that has not ended. */
    private static final String UNDER_WAY = "";

    private final Scheduler scheduler;
    private final String group;
    private final Runnable leave;

    /** How the run of each firing under way has ended, by the stream. */
    private final Map<String, String> firings = new ConcurrentHashMap<>();

    private final Set<JobKey> unfinished = new HashSet<>();
    private volatile boolean leaving;

    private LeavingNode(Scheduler scheduler, String group, Runnable leave) {
        this.scheduler = scheduler;
        this.group = group;
        this.leave = leave;
    }

    /**
     * Watches the firings of a scheduler from now on.
     *
     * @param leave what is done once the routes have stopped
     */
    static LeavingNode watch(Scheduler scheduler, String group, Runnable leave) throws SchedulerException {
        LeavingNode node = new LeavingNode(scheduler, group, leave);
        scheduler.getListenerManager().addJobListener(node);
        scheduler.getListenerManager().addTriggerListener(node.new Veto());
        return node;
    }

    /** Takes no firing any more, before the routes stop. */
    void begin() throws SchedulerException {
        leaving = true;
        scheduler.standby();
    }

    /** Leaves to other nodes what was not finished, after the routes have stopped. */
    void end(NodeJobStore store, Duration most) throws SchedulerException, InterruptedException {
        boolean isIdle = awaitEnds(most);
        scheduler.shutdown(); // or its threads would say that the node lives, or try for ever to reach a database that
        // is away
        store.leave(this::unfinished, isIdle);
    }

    /** Whether all firings have ended, after a wait. */
    private boolean awaitEnds(Duration most) throws InterruptedException {
        synchronized (unfinished) {
            long deadline = System.nanoTime() + most.toNanos();
            long wait = most.toMillis();
            while (!firings.isEmpty() && wait > 0) {
                unfinished.wait(wait);
                wait = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
            return firings.isEmpty();
        }
    }

    private Set<JobKey> unfinished() {
        synchronized (unfinished) {
            return Set.copyOf(unfinished);
        }
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof CamelContextRoutesStoppedEvent
                || (event instanceof RunEvent run
                        && run.kind() == Kind.ENDED
                        && !run.state().isRetry());
    }

    @Override
    public void notify(CamelEvent event) {
        if (!(event instanceof RunEvent run)) {
            leave.run();
        } else if (run.state().status() != RunStatus.INTERRUPTED) {
            firings.replace(run.state().stream(), run.state().status().toString());
        }
    }

    @Override
    public String getName() {
        return "keyset-sync-leaving";
    }

    @Override
    public void jobToBeExecuted(JobExecutionContext job) {
        if (isStream(job)) {
            firings.put(job.getJobDetail().getKey().getName(), UNDER_WAY);
        }
    }

    @Override
    public void jobExecutionVetoed(JobExecutionContext job) {
        done(job, UNDER_WAY);
    }

    @Override
    public void jobWasExecuted(JobExecutionContext job, @Nullable JobExecutionException error) {
        if (isStream(job)) {
            done(job, firings.getOrDefault(job.getJobDetail().getKey().getName(), UNDER_WAY));
        }
    }

    private void done(JobExecutionContext job, String status) {
        String stream = job.getJobDetail().getKey().getName();
        synchronized (unfinished) {
            if (leaving && status.equals(UNDER_WAY)) {
                unfinished.add(job.getJobDetail().getKey());
            }
            firings.remove(stream);
            unfinished.notifyAll();
        }
    }

    private boolean isStream(JobExecutionContext job) {
        return job.getJobDetail().getKey().getGroup().equals(group);
    }

    /** Refuses firings that were taken just before the node began to leave. */
    private final class Veto extends TriggerListenerSupport {

        @Override
        public String getName() {
            return "keyset-sync-leaving";
        }

        @Override
        public boolean vetoJobExecution(Trigger trigger, JobExecutionContext job) {
            return leaving && isStream(job);
        }
    }

    /** Describes why a step of the leaving failed, which other nodes make up for as after a kill. */
    static void failed(Exception e) {
        LOG.debug("the node could not hand over its runs: {}", Errors.describe(e), e);
    }
}
