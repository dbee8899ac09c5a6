package io.keysetsync.source;

import io.keysetsync.InterruptedRunException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a stream's run that the program is stopping, and ends its waits at once. */
final class Stop {

    private final String stream;
    private final CountDownLatch raised = new CountDownLatch(1);

    Stop(String stream) {
        this.stream = stream;
    }

    void raise() {
        raised.countDown();
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /**
     * Goes on unless the program is stopping.
     *
     * @param cause what the stop itself may have brought about
     */
    void check(@Nullable Throwable cause) {
        if (isRaised()) {
            throw new InterruptedRunException("stream " + stream + ": the program is stopping", cause);
        }
    }

    /** Waits, unless the program is stopping. */
    void pause(Duration wait) throws InterruptedException {
        if (raised.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
            check(null);
        }
    }
}
