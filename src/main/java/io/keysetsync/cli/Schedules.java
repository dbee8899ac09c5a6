package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;

/** The streams' triggers: each is a Quartz trigger of the group that the source Kamelet names. */
final class Schedules {

    private static final String GROUP = "keyset-sync";

    private final Scheduler scheduler;

    Schedules(CamelContext context) {
        this.scheduler = context.getComponent("quartz", QuartzComponent.class).getScheduler();
    }

    /**
     * The streams that are named; all, where none is.
     *
     * @throws ConfigurationException if there is no stream of that name, or none at all
     */
    Set<String> select(Collection<String> named) throws SchedulerException {
        Set<String> known = scheduler.getTriggerKeys(GroupMatcher.triggerGroupEquals(GROUP)).stream()
                .map(TriggerKey::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        if (known.isEmpty()) {
            throw new ConfigurationException(
                    "there is no stream: no file routes/*.camel.yaml has a route from kamelet:keyset-sync-source");
        }
        for (String stream : named) {
            if (!known.contains(stream)) {
                throw new ConfigurationException(
                        "stream '" + stream + "' is unknown; known are " + String.join(", ", known));
            }
        }
        return named.isEmpty() ? known : new TreeSet<>(named);
    }

    /** Begins a run of each of the streams at once, and further ones on their schedules. */
    void start(Collection<String> streams) throws SchedulerException {
        List<TriggerKey> others = scheduler.getTriggerKeys(GroupMatcher.triggerGroupEquals(GROUP)).stream()
                .filter(trigger -> !streams.contains(trigger.getName()))
                .toList();
        for (TriggerKey other : others) {
            scheduler.pauseTrigger(other);
        }
        trigger(streams);
    }

    /** Begins a run of each of the streams at once, and no others. */
    void once(Collection<String> streams) throws SchedulerException {
        scheduler.pauseTriggers(GroupMatcher.triggerGroupEquals(GROUP));
        trigger(streams);
    }

    private void trigger(Collection<String> streams) throws SchedulerException {
        scheduler.start();
        for (String stream : streams) {
            scheduler.triggerJob(
                    scheduler.getTrigger(new TriggerKey(stream, GROUP)).getJobKey());
        }
    }
}
