package io.keysetsync.metrics;

import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;

/** Whether the process is alive: whether the scheduler of the streams works. */
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
        try {
            Scheduler scheduler =
                    context.hasComponent("quartz") instanceof QuartzComponent quartz ? quartz.getScheduler() : null;
            return scheduler != null && scheduler.isStarted() && !scheduler.isShutdown() && !scheduler.isInStandbyMode()
                    ? ""
                    : "the scheduler of the streams does not run";
        } catch (SchedulerException e) {
            return "the scheduler of the streams can't be asked";
        }
    }
}
