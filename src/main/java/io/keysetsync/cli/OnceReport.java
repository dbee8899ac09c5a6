package io.keysetsync.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;

/** What {@code once} shows: a live line while it runs (on a terminal), and a table at the end. */
final class OnceReport extends EventNotifierSupport implements AutoCloseable {

    private final int expected;
    private final Runnable whenAllEnded;
    private final @Nullable ProgressBar progress;
    private final Map<String, RunEvent.State> running = new TreeMap<>();
    private final Map<String, RunEvent.State> ended = new TreeMap<>();

    /**
     * A report on the next run of some streams.
     *
     * @param expected how many streams there are
     * @param whenAllEnded called once, when each has ended a run
     */
    OnceReport(int expected, boolean onTerminal, Runnable whenAllEnded) {
        this.expected = expected;
        this.whenAllEnded = whenAllEnded;
        this.progress = onTerminal ? progressLine() : null;
    }

    private static ProgressBar progressLine() {
        return new ProgressBarBuilder()
                .setTaskName("syncing")
                .setInitialMax(-1)
                .setUpdateIntervalMillis(200)
                .setRenderer(OnceReport::line)
                .build();
    }

    /** How many records there will be nobody knows, so that there is no bar and no end to foretell. */
    private static String line(ProgressState state, int width) {
        double seconds = Math.max(0.001, state.getElapsedAfterStart().toMillis() / 1000.0);
        String line = "%s: %,d records, %,.0f records/s, %s"
                .formatted(
                        state.getTaskName(), state.getCurrent(), state.getCurrent() / seconds, state.getExtraMessage());
        return line.length() <= width ? line : line.substring(0, Math.max(0, width));
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
        if (progress != null) {
            progress.stepTo(running.values().stream()
                    .mapToLong(s -> s.total().records())
                    .sum());
            progress.setExtraMessage(message(run));
        }
        if (run.kind() == RunEvent.Kind.ENDED && ended.put(state.stream(), state) == null && ended.size() == expected) {
            whenAllEnded.run();
        }
    }

    private String message(RunEvent run) {
        long pages = running.values().stream().mapToLong(s -> s.total().pages()).sum();
        String waiting = run.kind() == RunEvent.Kind.WAITING
                ? ", waiting: " + run.state().error()
                : "";
        return "%d %s, %s at %s%s"
                .formatted(
                        pages,
                        pages == 1 ? "page" : "pages",
                        run.state().stream(),
                        shown(run.state().cursorTo()),
                        waiting);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }

    /** Whether every stream ended {@code complete}. */
    synchronized boolean allComplete() {
        return ended.size() == expected
                && ended.values().stream().allMatch(state -> state.status() == RunStatus.COMPLETE);
    }

    /** Prints the table, a line for each stream. */
    synchronized void print(PrintStream out) {
        out.println(AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
                List.copyOf(ended.values()),
                List.of(
                        text("stream", RunEvent.State::stream),
                        text("status", state -> state.status().toString()),
                        number("pages", state -> state.total().pages()),
                        number("records", state -> state.total().records()),
                        number("upserted", state -> state.total().upserted()),
                        number("unchanged", state -> state.total().unchanged()),
                        number("deleted", state -> state.total().deleted()),
                        number("quarantined", state -> state.total().quarantined()),
                        text("from cursor", state -> shown(state.cursorFrom())),
                        text("to cursor", state -> shown(state.cursorTo())),
                        text("time", state -> "%.1f s".formatted(state.elapsed().toMillis() / 1000.0)))));
    }

    private static String shown(@Nullable String cursor) {
        return cursor == null ? "-" : cursor;
    }

    private static ColumnData<RunEvent.State> text(String header, Function<RunEvent.State, String> value) {
        return new Column().header(header).dataAlign(HorizontalAlign.LEFT).with(value);
    }

    private static ColumnData<RunEvent.State> number(String header, Function<RunEvent.State, Long> value) {
        return new Column()
                .header(header)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(state -> Long.toString(value.apply(state)));
    }
}
