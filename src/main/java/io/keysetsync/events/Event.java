package io.keysetsync.events;

import io.keysetsync.RunEvent;
import io.keysetsync.store.PastRuns.Past;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to the handlers.
 *
 * @param state of the run; null if the event belongs to none
 * @param past how the stream is doing, as of this event
 * @param failuresBefore the number of failed runs in a row before this run
 * @param changes of the table, one line each
 * @param isOverdue whether the stream has had no complete run for too long; of events of that kind
 */
record Event(
        EventKind kind,
        String stream,
        RunEvent.@Nullable State state,
        Past past,
        long failuresBefore,
        List<String> changes,
        boolean isOverdue) {

    static Event overdue(String stream, Past past, boolean isOverdue) {
        return new Event(EventKind.OVERDUE, stream, null, past, past.failures(), List.of(), isOverdue);
    }
}
