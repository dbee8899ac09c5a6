package io.keysetsync.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

    @Test
    void tellsPercentageSpeedAndTheTimeLeft() {
        assertThat(line(123_400, 0.25)).isEqualTo("syncing: 25%, 0:06:00 left, 123,400 records, 1,028 records/s, rest");
    }

    @Test
    void tellsNoTimeLeftBeforeTheFirstPercent() {
        assertThat(line(100, 0.0099)).isEqualTo("syncing: 0%, 100 records, 1 records/s, rest");
    }

    @Test
    void is100PercentOnlyAtTheEnd() {
        assertThat(line(100, 0.9999)).startsWith("syncing: 99%, 0:00:00 left, ");
        assertThat(line(100, 1.0)).startsWith("syncing: 100%, 0:00:00 left, ");
    }

    @Test
    void tellsNoPercentageIfNobodyKnows() {
        assertThat(line(123_400, null)).isEqualTo("syncing: 123,400 records, 1,028 records/s, rest");
    }

    @Test
    void readsTheSameInEveryLanguage() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            tellsPercentageSpeedAndTheTimeLeft();
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void severalStreamsAreAsFarAsTheirMean() {
        RunEvent.State half = state(RunStatus.RUNNING, 3, 0.5);

        assertThat(OnceReport.fraction(1, List.of(half))).isEqualTo(0.5);
        assertThat(OnceReport.fraction(2, List.of(half)))
                .as("one has not begun")
                .isEqualTo(0.25);
        assertThat(OnceReport.fraction(2, List.of(half, state(RunStatus.RUNNING, 0, null))))
                .as("one has no page yet")
                .isEqualTo(0.25);
        assertThat(OnceReport.fraction(2, List.of(half, state(RunStatus.RUNNING, 3, null))))
                .as("one does not ascend")
                .isEqualTo(0.5);
        assertThat(OnceReport.fraction(2, List.of(half, state(RunStatus.COMPLETE, 3, 0.9))))
                .as("one is complete")
                .isEqualTo(0.75);
        assertThat(OnceReport.fraction(2, List.of(half, state(RunStatus.FAILED, 3, 0.3))))
                .as("one has failed")
                .isEqualTo(0.4);
    }

    @Test
    void nobodyKnowsIfNoStreamAscends() {
        assertThat(OnceReport.fraction(2, List.of(state(RunStatus.COMPLETE, 3, null))))
                .isNull();
    }

    private static String line(long records, @Nullable Double fraction) {
        return ProgressLine.text(records, fraction, TWO_MINUTES, "syncing", "rest");
    }

    private static RunEvent.State state(RunStatus status, long pages, @Nullable Double progress) {
        Counts total = new Counts(pages, 0, 0, 0, 0, 0);
        return new RunEvent.State(
                "user", "", status, total, null, null, Duration.ZERO, progress, null, Instant.EPOCH, false);
    }
}
