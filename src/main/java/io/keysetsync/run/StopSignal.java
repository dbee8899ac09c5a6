package io.keysetsync.run;

import io.keysetsync.InterruptedRunException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a stream's run that it has to end, and ends its waits at once. */
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
     * Goes on unless the run has to end.
     *
     * @param cause what the stop itself may have brought about
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
