package io.keysetsync.run;

import io.keysetsync.InterruptedRunException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a stream's run to end, and ends the run's waits at once. */
public final class StopSignal {

    private final String stream;
    private final CountDownLatch raised = new CountDownLatch(1);
    private volatile String reason = "";

    public StopSignal(String stream) {
        this.stream = stream;
    }

    /**
     * Raises the signal; the current wait ends at once.
     *
     * @param why in words, for the run's row
     */
    public void raise(String why) {
        reason = why;
        raised.countDown();
    }

    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    /**
     * Throws an exception if the run has to end.
     *
     * @param cause an error that the stop may have caused; null if there is none
     */
    public void check(@Nullable Throwable cause) {
        if (isRaised()) {
            throw new InterruptedRunException("stream " + stream + ": " + reason, cause);
        }
    }

    /** Waits, unless the run has to end. */
    public void pause(Duration wait) throws InterruptedException {
        if (raised.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            check(null);
        }
    }
}
