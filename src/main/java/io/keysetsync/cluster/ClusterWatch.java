package io.keysetsync.cluster;

import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.store.MarkOwner;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes that this one lives, and removes the triggers of streams whose route no living node has: Quartz keeps
 * them for ever.
 */
final class ClusterWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    private static final int SECONDS = 3;

    private final CamelContext context;
    private final Nodes nodes;
    private final Map<String, MarkOwner> streams;
    private final Scheduler scheduler;
    private final String group;
    private final Duration grace;
    private final Map<JobKey, Long> unownedSince = new HashMap<>();
    private final ScheduledExecutorService thread;
    private volatile List<Nodes.Node> others = List.of();
    private boolean isAway;

    /**
     * A watch that begins with {@link #start}.
     *
     * @param streams of this node
     * @param group of the streams' jobs
     * @param grace how long no node may have a stream's route before its triggers go
     */
    ClusterWatch(
            CamelContext context,
            Nodes nodes,
            Map<String, MarkOwner> streams,
            Scheduler scheduler,
            String group,
            Duration grace) {
        this.context = context;
        this.nodes = nodes;
        this.streams = streams;
        this.scheduler = scheduler;
        this.group = group;
        this.grace = grace;
        this.thread = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "keyset-sync-cluster");
    }

    void start() {
        Future<?> unused = thread.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    /** Looks once; a look that throws would be the last one. */
    private void look() {
        try {
            lookNow();
            if (isAway) {
                isAway = false;
                LOG.info("cluster: the database answers again");
            }
        } catch (Exception e) {
            if (!isAway && !thread.isShutdown()) {
                isAway = true;
                LOG.warn(
                        "cluster: no run begins while the database doesn't answer ({}); trying again",
                        DatabaseErrors.describe(e));
            }
            LOG.debug("the cluster can't be looked at", e);
        }
    }

    void lookNow() throws SchedulerException {
        if (!nodes.seen()) {
            nodes.add(streams); // it was stopped for a time
        }
        nodes.removeDead();
        others = nodes.others();
        Set<JobKey> jobs = scheduler.getJobKeys(GroupMatcher.jobGroupEquals(group));
        for (JobKey job : jobs) {
            if (nodesWith(job.getName()) > 0) {
                unownedSince.remove(job);
            } else if (isOver(unownedSince.computeIfAbsent(job, key -> System.nanoTime()))) {
                remove(job);
            }
        }
        unownedSince.keySet().retainAll(jobs);
        restore(jobs);
    }

    /** How many living nodes have a stream, as of the last look. */
    int nodesWith(String stream) {
        long theirs = others.stream()
                .filter(node -> node.streams().containsKey(stream))
                .count();
        return (int) theirs + (streams.containsKey(stream) ? 1 : 0);
    }

    private boolean isOver(long since) {
        return System.nanoTime() - since >= grace.toNanos();
    }

    private void remove(JobKey job) throws SchedulerException {
        if (scheduler.deleteJob(job)) {
            LOG.info("{}: no node has its route any more; its schedule is removed", job.getName());
        }
    }

    /** Makes the triggers again that other nodes have removed while this one was stopped. */
    private void restore(Set<JobKey> jobs) {
        Set<String> missing = new HashSet<>(streams.keySet());
        jobs.forEach(job -> missing.remove(job.getName()));
        if (missing.isEmpty()) {
            return;
        }
        endpoints(context)
                .filter(endpoint -> endpoint.getTriggerKey().getGroup().equals(group))
                .filter(endpoint -> missing.contains(endpoint.getTriggerKey().getName()))
                .forEach(endpoint -> {
                    ServiceHelper.stopService(endpoint);
                    ServiceHelper.startService(endpoint);
                });
    }

    private static Stream<QuartzEndpoint> endpoints(CamelContext context) {
        return context.getRoutes().stream()
                .map(Route::getEndpoint)
                .filter(QuartzEndpoint.class::isInstance)
                .map(QuartzEndpoint.class::cast);
    }

    /** Whether a context has the route of a job, and the route runs. */
    static boolean hasRoute(CamelContext context, JobKey job) {
        return !context.isStopping()
                && !context.isStopped()
                && endpoints(context).anyMatch(endpoint -> isOf(endpoint.getTriggerKey(), job));
    }

    private static boolean isOf(TriggerKey trigger, JobKey job) {
        return trigger.getName().equals(job.getName()) && trigger.getGroup().equals(job.getGroup());
    }

    @Override
    public void close() {
        context.getExecutorServiceManager().shutdownNow(thread);
    }
}
