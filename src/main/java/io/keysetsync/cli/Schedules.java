package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Streams;
import io.keysetsync.cluster.Cluster;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextRoutesStoppedEvent;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger.TriggerState;

/** Starts the streams: which of them follow their schedules, and which begin at once. */
final class Schedules {

    private final Streams all;
    private final Scheduler scheduler;
    private final @Nullable Cluster cluster;

    Schedules(CamelContext context) {
        this.all = Streams.of(context);
        this.scheduler = context.getComponent("quartz", QuartzComponent.class).getScheduler();
        this.cluster = Cluster.of(context);
    }

    /**
     * Shuts the scheduler down as soon as all routes have stopped and nothing is under way. Camel's own shutdown, which
     * follows, waits half a second for the scheduler's idle threads.
     */
    static EventNotifier endWithRoutes() {
        return new EventNotifierSupport() {
            @Override
            public boolean isEnabled(CamelEvent event) {
                return event instanceof CamelContextRoutesStoppedEvent;
            }

            @Override
            public void notify(CamelEvent event) throws SchedulerException {
                CamelContext context = ((CamelContextRoutesStoppedEvent) event).getContext();
                if (Cluster.of(context) == null
                        && context.getInflightRepository().size() == 0
                        && context.hasComponent("quartz") instanceof QuartzComponent quartz
                        && quartz.getScheduler() != null) {
                    quartz.getScheduler().shutdown();
                }
            }
        };
    }

    /**
     * Returns the named streams; all, if none is named.
     *
     * @throws ConfigurationException if there is no stream of that name, or none at all
     */
    Set<String> select(Collection<String> named) {
        if (all.names().isEmpty()) {
            throw new ConfigurationException(
                    "there is no stream: no file routes/*.camel.yaml has a route from kamelet:keyset-sync-source");
        }
        named.forEach(all::triggerKey); // knows the stream, or says which there are
        return named.isEmpty() ? all.names() : new TreeSet<>(named);
    }

    /**
     * Begins a run of each named stream at once, and further ones on its schedule; of all streams, if none is named. In a
     * cluster, a stream that another node has begins no run.
     *
     * @param paused streams to be paused from the beginning; a cluster knows its own
     * @throws ConfigurationException if there is no stream of that name, or none at all
     */
    void start(Collection<String> named, Collection<String> paused) throws SchedulerException {
        Set<String> streams = select(named);
        streams.removeAll(paused);
        if (cluster != null) {
            cluster.join();
            return;
        }
        Set<String> others = all.names();
        others.removeAll(streams);
        pause(others);
        trigger(streams);
    }

    /** Begins one run of each of the streams at once. */
    void once(Collection<String> streams) throws SchedulerException {
        pause(all.names());
        trigger(streams);
    }

    /** The streams that are paused now. */
    Set<String> paused() throws SchedulerException {
        Set<String> paused = new TreeSet<>();
        for (String stream : all.names()) {
            if (scheduler.getTriggerState(all.triggerKey(stream)) == TriggerState.PAUSED) {
                paused.add(stream);
            }
        }
        return paused;
    }

    private void pause(Collection<String> streams) throws SchedulerException {
        for (String stream : streams) {
            all.pause(stream);
        }
    }

    private void trigger(Collection<String> streams) throws SchedulerException {
        scheduler.start();
        for (String stream : streams) {
            all.trigger(stream);
        }
    }
}
