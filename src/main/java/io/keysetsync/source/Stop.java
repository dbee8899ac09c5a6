package io.keysetsync.source;

import io.keysetsync.InterruptedRunException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a stream's run that it has to end, and ends its waits at once. */
final class Stop {

    private final String stream;
    private final CountDownLatch raised = new CountDownLatch(1);
    private volatile String reason = "";

    Stop(String stream) {
        this.stream = stream;
    }

    /** @param why in words, for the run's row */
    void raise(String why) {
        reason = why;
        raised.countDown();
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /**
     * Goes on unless the run has to end.
     *
     * @param cause what the stop itself may have brought about
     */
    void check(@Nullable Throwable cause) {
        if (isRaised()) {
            throw new InterruptedRunException("stream " + stream + ": " + reason, cause);
        }
    }

    /** Waits, unless the run has to end. */
    void pause(Duration wait) throws InterruptedException {
        if (raised.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            check(null);
        }
    }
}
