package io.keysetsync.run;

import io.keysetsync.InterruptedRunException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a stream's run to end, and ends the run's waits at once. */
public final class StopSignal {

    private final String stream;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String stopReason = "";
    private volatile @Nullable Pause pause;

    public StopSignal(String stream) {
        this.stream = stream;
    }

    /**
     * Raises the signal; the current wait ends at once.
     *
     * @param why in words, for the run's row
     */
    public void raise(String why) {
        stopReason = why;
        ended.countDown();
    }

    /** Ends the waits of a run that is about to fail for another reason. */
    public void breakOff() {
        ended.countDown();
    }

    /** Whether the signal was raised, and so the reason for the run's end. */
    public boolean isRaised() {
        return !stopReason.isEmpty();
    }

    /**
     * Throws an exception if the run has to end.
     *
     * @param cause an error that the stop may have caused; null if there is none
     */
    public void check(@Nullable Throwable cause) {
        if (ended.getCount() == 0) {
            throw new InterruptedRunException("stream " + stream + ": " + stopReason, cause);
        }
    }

    /**
     * What a run waits for.
     *
     * @param reason completes the words "waiting for"
     */
    public record Pause(String reason, Instant until) {}

    /**
     * Waits, unless the run has to end.
     *
     * @param reason for those who watch the run; completes the words "waiting for"
     */
    public void pause(Duration wait, String reason) throws InterruptedException {
        pause = new Pause(reason, Instant.now().plus(wait));
        try {
            if (ended.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                check(null);
            }
        } finally {
            pause = null;
        }
    }

    /** What the run waits for now; null if it doesn't wait. */
    public @Nullable Pause pausing() {
        return pause;
    }
}
