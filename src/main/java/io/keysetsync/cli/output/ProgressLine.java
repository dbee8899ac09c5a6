package io.keysetsync.cli.output;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** One line on the terminal that changes while streams run: how far they are, how fast, and how long they will take. */
final class ProgressLine implements AutoCloseable {

    private final ProgressBar bar = new ProgressBarBuilder()
            .setTaskName("syncing")
            .setInitialMax(-1)
            .setUpdateIntervalMillis(200)
            .continuousUpdate() // a log line takes its place
            .setConsumer(new ConsoleProgressBarConsumer(System.err)) // the other kind moves up over log lines
            .setRenderer(ProgressLine::rendered)
            .build();

    /**
     * Changes what the line shows.
     *
     * @param fraction how far the streams are, from 0 to 1; null if unknown: the line then has no percentage
     */
    void show(long records, @Nullable Double fraction, String message) {
        bar.stepTo(records);
        bar.maxHint(fraction == null ? -1 : Math.round(records / fraction)); // how many there will be at this rate
        bar.setExtraMessage(message);
    }

    private static String rendered(ProgressState state, int width) {
        String line = text(
                state.getCurrent(),
                state.isIndefinite() ? null : state.getNormalizedProgress(),
                state.getElapsedAfterStart(),
                state.getTaskName(),
                state.getExtraMessage());
        return line.length() <= width
                ? line + " ".repeat(width - line.length()) // overwrites a longer line before it
                : line.substring(0, Math.max(0, width));
    }

    /** The line's text. The most important parts come first, because a narrow terminal cuts the rest. */
    static String text(long records, @Nullable Double fraction, Duration elapsed, String task, String message) {
        double seconds = Math.max(0.001, elapsed.toMillis() / 1000.0);
        return String.format(
                Locale.ROOT,
                "%s: %s%,d records, %,.0f records/s%s",
                task,
                fraction == null ? "" : howFar(fraction, seconds),
                records,
                records / seconds,
                message.isEmpty() ? "" : ", " + message);
    }

    /** The percentage, cut rather than rounded, so that 100 means the end; and the time left at this rate. */
    private static String howFar(double fraction, double seconds) {
        int percent = (int) (fraction * 100);
        if (percent == 0) {
            return "0%, ";
        }
        long left = Math.round(seconds * (1 - fraction) / fraction);
        return String.format(Locale.ROOT, "%d%%, %d:%02d:%02d left, ", percent, left / 3600, left / 60 % 60, left % 60);
    }

    @Override
    public void close() {
        bar.close();
    }
}
