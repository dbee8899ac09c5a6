package io.keysetsync;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;

/** The streams of a CamelContext: its routes from {@code kamelet:keyset-sync-source}, by the streams' names. */
public final class Streams {

    private final CamelContext context;

    private Streams(CamelContext context) {
        this.context = context;
    }

    public static Streams of(CamelContext context) {
        return new Streams(context);
    }

    /**
     * The Quartz group of the streams' triggers in a context. Each context has a separate group, because contexts can
     * share a scheduler and have streams of the same name.
     */
    public static String triggerGroup(CamelContext context) {
        return context.getName();
    }

    /** The names of all streams whose routes have been created; none before the context has started. */
    public Set<String> names() {
        return sources().map(source -> source.getTriggerKey().getName()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The key of a stream's Quartz trigger, which also stands for the schedule. */
    public TriggerKey triggerKey(String stream) {
        return source(stream).getTriggerKey();
    }

    /**
     * Begins a run of a stream now, in addition to its schedule, and returns at once. If a run of the stream is under
     * way, the new run begins right after that one has ended. A {@link RunEvent} tells when the run has ended. If the
     * context's Quartz scheduler has not been started, the run waits until the scheduler is.
     *
     * @throws ConfigurationException if there is no stream of that name, or its route is stopped
     */
    public void trigger(String stream) throws SchedulerException {
        QuartzEndpoint source = source(stream);
        Scheduler scheduler = source.getComponent().getScheduler();
        Trigger trigger = scheduler.getTrigger(source.getTriggerKey());
        if (trigger == null) {
            throw new ConfigurationException("stream '" + stream + "' can't run: its route is stopped");
        }
        scheduler.triggerJob(trigger.getJobKey());
    }

    /**
     * Pauses a stream's schedule: no run begins on it until the stream is {@linkplain #resume resumed} or the context
     * starts again. If the scheduler keeps its triggers in a database, the pause outlives a start of the context. A run
     * that is under way continues to its end.
     *
     * @throws ConfigurationException if there is no stream of that name
     */
    public void pause(String stream) throws SchedulerException {
        QuartzEndpoint source = source(stream);
        source.getComponent().getScheduler().pauseTrigger(source.getTriggerKey());
    }

    /**
     * Follows a stream's schedule again. If a run was due meanwhile, one begins at once.
     *
     * @throws ConfigurationException if there is no stream of that name
     */
    public void resume(String stream) throws SchedulerException {
        QuartzEndpoint source = source(stream);
        source.getComponent().getScheduler().resumeTrigger(source.getTriggerKey());
    }

    private QuartzEndpoint source(String stream) {
        Optional<QuartzEndpoint> source = sources()
                .filter(each -> each.getTriggerKey().getName().equals(stream))
                .findFirst();
        return source.orElseThrow(() -> new ConfigurationException(
                "stream '" + stream + "' is unknown; known are " + String.join(", ", names())));
    }

    private Stream<QuartzEndpoint> sources() {
        return context.getRoutes().stream()
                .map(Route::getEndpoint)
                .filter(QuartzEndpoint.class::isInstance)
                .map(QuartzEndpoint.class::cast)
                .filter(source -> source.getTriggerKey().getGroup().equals(triggerGroup(context)));
    }
}
