package io.keysetsync;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.event.AbstractContextEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run. Events go to the context's {@link org.apache.camel.spi.EventNotifier}s, in the
 * thread of the run.
 */
public final class RunEvent extends AbstractContextEvent {

    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Kind {
        BEGUN,
        /** The run has changed the table's columns, as {@link RunEvent#changes} tells. */
        SCHEMA_CHANGED,
        PAGE_COMMITTED,
        /** The run waits before it tries again; the state's error tells why. */
        WAITING,
        ENDED
    }

    /**
     * The state of the run at the time of the event.
     *
     * @param total of the pages committed so far
     * @param cursorFrom the stored cursor when the run began, as the API wrote it; null if there was none
     * @param cursorTo the stored cursor now
     * @param elapsed since the run's beginning
     * @param progress how far the run has come on the way from its first record's cursor to now, from 0 to 1; null if
     *     no record has come yet, or if the API doesn't list records in ascending order
     * @param error one line; null if there is none
     * @param startedAt when the run began
     * @param isRetry whether the run retries quarantined records, and asks no API
     */
    public record State(
            String stream,
            String runId,
            RunStatus status,
            Counts total,
            @Nullable String cursorFrom,
            @Nullable String cursorTo,
            Duration elapsed,
            @Nullable Double progress,
            @Nullable String error,
            Instant startedAt,
            boolean isRetry) {

        /** The state of a run that could not begin, and so has no row. */
        public static State notBegun(String stream, RunStatus status, String error) {
            return new State(
                    stream, "", status, Counts.NONE, null, null, Duration.ZERO, null, error, Instant.now(), false);
        }

        /** The time of the event; of a run's last event, the time at which the run ended. */
        public Instant at() {
            return startedAt.plus(elapsed);
        }
    }

    private final Kind kind;
    private final transient State state;
    private final transient List<String> changes;

    public RunEvent(CamelContext context, Kind kind, State state) {
        this(context, kind, state, List.of());
    }

    /** An event about changes of the table, one line each. */
    public RunEvent(CamelContext context, Kind kind, State state, List<String> changes) {
        super(context);
        this.kind = kind;
        this.state = state;
        this.changes = List.copyOf(changes);
    }

    @Override
    public Type getType() {
        return Type.Custom;
    }

    public Kind kind() {
        return kind;
    }

    public State state() {
        return state;
    }

    /** The changes of the table, one line each; empty unless the kind is {@link Kind#SCHEMA_CHANGED}. */
    public List<String> changes() {
        return changes;
    }

    @Override
    public String toString() {
        return kind + " " + state;
    }
}
