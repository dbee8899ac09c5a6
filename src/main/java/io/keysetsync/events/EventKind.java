package io.keysetsync.events;

import io.keysetsync.RunEvent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an event tells of, as the parameter {@code events} and the field {@code event} name it. */
enum EventKind {
    /** A run has ended. */
    RUN,
    /** A retry of quarantined records has ended. */
    RETRY,
    /** A run has saved a page. */
    PAGE,
    /** A run waits before it tries again. */
    WAITING,
    /** A run has changed the table's columns. */
    SCHEMA_CHANGE,
    /** A stream has had no complete run for a time, or has one again. */
    OVERDUE;

    /** The kind of a run's event; null if no handler is told of such events. */
    static @Nullable EventKind of(RunEvent event) {
        boolean isRetry = event.state().isRetry();
        return switch (event.kind()) {
            case BEGUN -> null;
            case SCHEMA_CHANGED -> SCHEMA_CHANGE;
            case PAGE_COMMITTED -> isRetry ? null : PAGE;
            case WAITING -> WAITING;
            case ENDED -> isRetry ? RETRY : RUN;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
