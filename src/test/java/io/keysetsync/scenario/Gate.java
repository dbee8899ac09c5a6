package io.keysetsync.scenario;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Holds a response back until a test says go: {@code scenario.onRequest(3, gate)}, then {@link #awaitArrival()} and
 * {@link #open()}. The held response is what the API knew when the request came; what changes meanwhile is not in it.
 * Closing or resetting the API ends the wait too, and drops the connection.
 */
public final class Gate {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletableFuture<Void> arrived = new CompletableFuture<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();

    /** Waits until a response is held here, 30 seconds at most. */
    public void awaitArrival() {
        try {
            arrived.copy().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("No request came to the gate within " + PATIENCE, e);
        }
    }

    /** Whether a response has come here. */
    public boolean hasArrival() {
        return arrived.isDone();
    }

    /** Lets the held response go, and every later one pass at once. */
    public void open() {
        opened.complete(null);
    }

    void hold(CompletableFuture<Void> over) {
        arrived.complete(null);
        CompletableFuture.anyOf(opened, over).join();
    }
}
