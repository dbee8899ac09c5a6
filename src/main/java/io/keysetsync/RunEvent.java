package io.keysetsync;

import java.time.Duration;
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
        PAGE_COMMITTED,
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
            @Nullable String error) {

        /** The state of a run that could not begin, and so has no row. */
        public static State notBegun(String stream, RunStatus status, String error) {
            return new State(stream, "", status, Counts.NONE, null, null, Duration.ZERO, null, error);
        }
    }

    private final Kind kind;
    private final transient State state;

    public RunEvent(CamelContext context, Kind kind, State state) {
        super(context);
        this.kind = kind;
        this.state = state;
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

    @Override
    public String toString() {
        return kind + " " + state;
    }
}
