package io.keysetsync.console;

import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.quartz.CronTrigger;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;

/**
 * When a stream runs, as the scheduler knows it.
 *
 * @param cron null if the schedule isn't known
 * @param next null if no run is planned
 * @param isDue whether a run should have begun, and waits for its turn
 * @param isClustered whether runs may begin in other processes
 */
record Schedule(@Nullable String cron, @Nullable Instant next, boolean isPaused, boolean isDue, boolean isClustered) {

    private static final Schedule NONE = new Schedule(null, null, false, false, false);

    /** A firing is late only after this time: the scheduler itself needs a moment. */
    private static final long LATE_MILLIS = 1000;

    /** The schedules of some streams. */
    static Map<String, Schedule> of(Iterable<String> streams, String group, Scheduler scheduler, Instant now)
            throws SchedulerException {
        Map<String, Schedule> schedules = new HashMap<>();
        boolean isClustered = scheduler.getMetaData().isJobStoreClustered();
        for (String stream : streams) {
            schedules.put(stream, of(new TriggerKey(stream, group), scheduler, now, isClustered));
        }
        return schedules;
    }

    private static Schedule of(TriggerKey key, Scheduler scheduler, Instant now, boolean isClustered)
            throws SchedulerException {
        Trigger trigger = scheduler.getTrigger(key);
        if (trigger == null) {
            return NONE;
        }
        boolean isPaused = scheduler.getTriggerState(key) == TriggerState.PAUSED;
        Date next = trigger.getNextFireTime();
        return new Schedule(
                trigger instanceof CronTrigger cron ? cron.getCronExpression() : null,
                next == null || isPaused ? null : next.toInstant(),
                isPaused,
                isDue(scheduler.getTriggersOfJob(trigger.getJobKey()), isPaused ? key : null, now),
                isClustered);
    }

    /** A run by hand has a separate trigger. */
    private static boolean isDue(List<? extends Trigger> triggers, @Nullable TriggerKey paused, Instant now) {
        Instant late = now.minusMillis(LATE_MILLIS);
        return triggers.stream()
                .filter(trigger -> !trigger.getKey().equals(paused))
                .map(Trigger::getNextFireTime)
                .anyMatch(time -> time != null && time.toInstant().isBefore(late));
    }

    /** Whether a run by hand is already waiting for the one under way to end. */
    static boolean hasRunByHand(TriggerKey key, Scheduler scheduler) throws SchedulerException {
        Trigger trigger = scheduler.getTrigger(key);
        if (trigger == null) {
            return false;
        }
        JobKey job = trigger.getJobKey();
        return scheduler.getTriggersOfJob(job).size() > 1;
    }
}
