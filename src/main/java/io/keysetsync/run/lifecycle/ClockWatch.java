package io.keysetsync.run.lifecycle;

import io.keysetsync.Streams;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the streams of one CamelContext on schedule if the machine's clock is set back. Quartz waits for the time that it
 * has computed before, so without this watch no run would begin for as long as the clock was set back.
 */
public final class ClockWatch extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    private static final int SECONDS = 20;

    /** A smaller step of the clock is waited out; a schedule may begin this much later than its route. */
    private static final Duration SMALL = Duration.ofSeconds(5);

    private final CamelContext context;
    private final Clock clock;
    private @Nullable ScheduledExecutorService thread;

    ClockWatch(CamelContext context, Clock clock) {
        this.context = context;
        this.clock = clock;
    }

    /** Watches while the context runs; a context has one watch. */
    public static void over(CamelContext context) {
        synchronized (context) {
            if (context.hasService(ClockWatch.class) == null) {
                try {
                    context.addService(new ClockWatch(context, Clock.systemUTC()));
                } catch (Exception e) {
                    throw new IllegalStateException("the clock can't be watched", e);
                }
            }
        }
    }

    @Override
    protected void doStart() {
        thread = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "keyset-sync-clock");
        Future<?> unused = thread.scheduleWithFixedDelay(this::look, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void doStop() {
        if (thread != null) {
            context.getExecutorServiceManager().shutdownNow(thread);
            thread = null;
        }
    }

    /** Reschedules each stream that waits for a later time than its schedule has next. */
    void look() {
        try {
            Scheduler scheduler =
                    context.getComponent("quartz", QuartzComponent.class).getScheduler();
            if (scheduler == null || scheduler.getMetaData().isJobStoreClustered()) {
                return; // a cluster's schedules belong to all its nodes
            }
            String group = Streams.triggerGroup(context);
            for (TriggerKey key : scheduler.getTriggerKeys(GroupMatcher.triggerGroupEquals(group))) {
                look(scheduler, key);
            }
        } catch (SchedulerException | RuntimeException e) { // a watch that throws would never look again
            LOG.debug("the scheduler is gone", e);
        }
    }

    private void look(Scheduler scheduler, TriggerKey key) throws SchedulerException {
        if (!(scheduler.getTrigger(key) instanceof CronTrigger waiting) || waiting.getNextFireTime() == null) {
            return;
        }
        Date now = Date.from(clock.instant());
        Trigger again = waiting.getTriggerBuilder().startAt(now).build();
        Date next = again.getFireTimeAfter(now);
        if (next == null
                || !waiting.getNextFireTime()
                        .toInstant()
                        .isAfter(next.toInstant().plus(SMALL))) {
            return;
        }
        boolean isPaused = scheduler.getTriggerState(key) == TriggerState.PAUSED;
        scheduler.rescheduleJob(key, again);
        if (isPaused) {
            scheduler.pauseTrigger(key);
        } else {
            LOG.warn(
                    "{}: the clock was set back; the next run begins at {} instead of {}",
                    key.getName(),
                    next.toInstant(),
                    waiting.getNextFireTime().toInstant());
        }
    }
}
