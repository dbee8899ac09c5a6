package io.keysetsync.run;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells whether a run is saving a page, and in which thread. */
final class Saving {

    private volatile Thread writer = Thread.currentThread();
    private volatile CompletableFuture<Void> page = CompletableFuture.completedFuture(null);

    /** Begins to save a page in the current thread. */
    void begin() {
        writer = Thread.currentThread();
        page = new CompletableFuture<>();
    }

    void end() {
        page.complete(null);
    }

    void await(Duration most) {
        page.copy()
                .completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    Thread writer() {
        return writer;
    }
}
