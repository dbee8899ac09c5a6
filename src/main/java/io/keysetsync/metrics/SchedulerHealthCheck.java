package io.keysetsync.metrics;

import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;

/** Whether the process is alive: whether the scheduler of the streams has not died. */
final class SchedulerHealthCheck extends StreamHealthCheck {

    SchedulerHealthCheck(CamelContext context) {
        super(context, "keyset-sync-scheduler");
    }

    @Override
    public boolean isLiveness() {
        return true;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    String problem() {
        return isShutDown(context) ? "the scheduler of the streams has been shut down" : "";
    }

    private static boolean isShutDown(CamelContext context) {
        try {
            Scheduler scheduler = scheduler(context);
            return scheduler != null && scheduler.isShutdown();
        } catch (SchedulerException e) {
            return true;
        }
    }

    /** Whether it begins runs; an application may start it later, or leave it on standby. */
    static boolean isStarted(CamelContext context) {
        try {
            Scheduler scheduler = scheduler(context);
            return scheduler != null && scheduler.isStarted() && !scheduler.isInStandbyMode();
        } catch (SchedulerException e) {
            return false;
        }
    }

    private static @Nullable Scheduler scheduler(CamelContext context) {
        return context.hasComponent("quartz") instanceof QuartzComponent quartz ? quartz.getScheduler() : null;
    }
}
