package io.keysetsync.cli.output;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;

/** The report of {@code once}: a live line while it runs (on a terminal), and a table at the end. */
public final class OnceReport extends EventNotifierSupport implements AutoCloseable {

    private final int expected;
    private final Runnable whenAllEnded;
    private final @Nullable ProgressLine line;
    private final Map<String, RunEvent.State> running = new TreeMap<>();
    private final Map<String, RunEvent.State> ended = new TreeMap<>();

    /**
     * A report on the next run of some streams.
     *
     * @param expected how many streams there are
     * @param whenAllEnded called once, when each has ended a run
     */
    public OnceReport(int expected, boolean onTerminal, Runnable whenAllEnded) {
        this.expected = expected;
        this.whenAllEnded = whenAllEnded;
        this.line = onTerminal ? new ProgressLine() : null;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof RunEvent;
    }

    @Override
    public synchronized void notify(CamelEvent event) {
        RunEvent run = (RunEvent) event;
        RunEvent.State state = run.state();
        running.put(state.stream(), state);
        if (line != null) {
            line.show(sum(Counts::records), fraction(expected, running.values()), message(run));
        }
        if (run.kind() == RunEvent.Kind.ENDED && ended.put(state.stream(), state) == null && ended.size() == expected) {
            whenAllEnded.run();
        }
    }

    private long sum(ToLongFunction<Counts> count) {
        return running.values().stream()
                .mapToLong(state -> count.applyAsLong(state.total()))
                .sum();
    }

    /**
     * How far several streams are together, from 0 to 1: the mean. A stream that has not begun, or has no page yet, counts
     * as 0, a complete one as 1; a stream that can't tell how far it is does not count.
     *
     * @return null if no stream can tell
     */
    static @Nullable Double fraction(int expected, Collection<RunEvent.State> begun) {
        if (begun.stream().allMatch(state -> state.progress() == null)) {
            return null;
        }
        List<Double> known = begun.stream()
                .map(OnceReport::fraction)
                .filter(Objects::nonNull)
                .toList();
        int notBegun = expected - begun.size();
        return known.stream().mapToDouble(Double::doubleValue).sum() / (known.size() + notBegun);
    }

    private static @Nullable Double fraction(RunEvent.State state) {
        if (state.status() == RunStatus.COMPLETE) {
            return 1.0;
        }
        return state.total().pages() == 0 ? (Double) 0.0 : state.progress();
    }

    private String message(RunEvent run) {
        long pages = sum(Counts::pages);
        String waiting = run.kind() == RunEvent.Kind.WAITING
                ? ", waiting: " + run.state().error()
                : "";
        return pages + (pages == 1 ? " page, " : " pages, ") + run.state().stream() + " at "
                + shown(run.state().cursorTo()) + waiting;
    }

    @Override
    public void close() {
        if (line != null) {
            line.close();
        }
    }

    /** Whether every stream ended {@code complete}. */
    public synchronized boolean allComplete() {
        return ended.size() == expected
                && ended.values().stream().allMatch(state -> state.status() == RunStatus.COMPLETE);
    }

    /** Prints the table, a line for each stream. */
    public synchronized void print(PrintStream out) {
        out.println(new TextTable<RunEvent.State>()
                .text("stream", RunEvent.State::stream)
                .text("status", state -> state.status().toString())
                .number("pages", state -> state.total().pages())
                .number("records", state -> state.total().records())
                .number("upserted", state -> state.total().upserted())
                .number("unchanged", state -> state.total().unchanged())
                .number("deleted", state -> state.total().deleted())
                .number("quarantined", state -> state.total().quarantined())
                .text("from cursor", state -> shown(state.cursorFrom()))
                .text("to cursor", state -> shown(state.cursorTo()))
                .text("time", OnceReport::seconds)
                .whole(List.copyOf(ended.values())));
    }

    private static String seconds(RunEvent.State state) {
        return String.format(Locale.ROOT, "%.1f s", state.elapsed().toMillis() / 1000.0);
    }

    private static String shown(@Nullable String cursor) {
        return cursor == null ? "-" : cursor;
    }
}
