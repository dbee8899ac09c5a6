package io.keysetsync.events;

import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.Streams;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.PastRuns.Past;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The streams of a context that have had no complete run for some time. Each is told of once, and once more when it has
 * a complete run again. A stream is given the chance to end a run after the program's start, and a paused one is left
 * alone.
 */
final class OverdueStreams {

    private static final Logger LOG = LoggerFactory.getLogger(OverdueStreams.class);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final CamelContext context;
    private final PastOfStreams pasts;
    private final EventSelection selection;
    private final Instant start = Instant.now();
    private final Duration pause;
    private final Set<String> overdue = new HashSet<>();
    private Instant next = Instant.MIN;
    private boolean isAnswering;

    OverdueStreams(CamelContext context, PastOfStreams pasts, EventSelection selection) {
        this.context = context;
        this.pasts = pasts;
        this.selection = selection;
        this.pause = shorter(LONGEST_PAUSE, selection.overdue().dividedBy(10).plusMillis(1));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** The time after which to look again. */
    Duration pause() {
        return pause;
    }

    /** Whether an event may say that a stream is no longer overdue. */
    boolean dependsOn(Event event) {
        return selection.hasOverdue() && event.kind() == EventKind.RUN && selection.takes(event.stream());
    }

    /** The streams that have become overdue since the last call, and those that are no longer so. */
    List<Event> look() {
        List<Event> changed = new ArrayList<>();
        if (!selection.hasOverdue() || Instant.now().isBefore(next)) {
            return changed;
        }
        next = Instant.now().plus(pause);
        isAnswering = true;
        for (String stream : StreamRegistry.of(context).streams()) {
            if (selection.takes(stream)) {
                look(stream, changed);
            }
        }
        return changed;
    }

    private void look(String stream, List<Event> changed) {
        boolean hadAChance = pasts.hasEnded(stream) || isLongAgo(start);
        Past past = pasts.of(stream);
        boolean isOverdue = hadAChance && isLongAgo(past);
        if (isOverdue && isPaused(stream)) {
            return;
        }
        if (isOverdue && isAnswering) {
            try {
                past = pasts.current(stream);
                isOverdue = isLongAgo(past);
            } catch (DataAccessException e) {
                isAnswering = false; // every further question would wait for the database, too
                LOG.debug("{}: the runs of other processes can't be read", stream, e);
            }
        }
        if (isOverdue ? overdue.add(stream) : overdue.remove(stream)) {
            changed.add(Event.overdue(stream, past, isOverdue));
        }
    }

    /** What a run's end changes of this: nothing, or that its stream is no longer overdue. */
    List<Event> after(Event event) {
        RunEvent.State run = event.state();
        boolean isComplete = event.kind() == EventKind.RUN && run != null && run.status() == RunStatus.COMPLETE;
        return isComplete && overdue.remove(event.stream())
                ? List.of(Event.overdue(event.stream(), event.past(), false))
                : List.of();
    }

    private boolean isLongAgo(Past past) {
        return isLongAgo(past.lastComplete() == null ? start : past.lastComplete());
    }

    private boolean isLongAgo(Instant time) {
        Duration passed = Duration.between(time, Instant.now());
        return passed.compareTo(selection.overdue()) >= 0;
    }

    private boolean isPaused(String stream) {
        Scheduler scheduler =
                context.getComponent("quartz", QuartzComponent.class).getScheduler();
        try {
            TriggerKey key = new TriggerKey(stream, Streams.triggerGroup(context));
            return scheduler != null && scheduler.getTriggerState(key) == TriggerState.PAUSED;
        } catch (SchedulerException e) {
            return false;
        }
    }
}
