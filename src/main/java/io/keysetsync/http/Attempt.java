package io.keysetsync.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * One request, from its sending to the last byte of its answer. It is broken off at its deadline, which a time-out of the
 * socket alone would not do: each byte that arrives starts that anew.
 */
public final class Attempt {

    private final Cancellable request;
    private final Duration deadline;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean late;

    Attempt(Cancellable request, Duration deadline) {
        this.request = request;
        this.deadline = deadline;
        // waits in the JDK's one timer thread, which a future that ends in time leaves at once
        over.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS).exceptionally(timeout -> {
            late = true;
            request.cancel();
            return null;
        });
    }

    /** The answer is there, or given up. */
    void end() {
        over.complete(null);
    }

    /** Closes the connection, whatever of the answer is still to come; the thread that waits for it gets an exception. */
    void breakOff() {
        end();
        request.cancel();
    }

    /** A failure as it is, unless the deadline brought it about. */
    IOException explained(IOException failure) {
        if (!late) {
            return failure;
        }
        IOException timeout = timeout();
        timeout.addSuppressed(failure);
        return timeout;
    }

    /** Goes on unless the deadline has passed: to a reader, the end of its connection can look like the body's. */
    void checkDeadline() throws IOException {
        if (late) {
            throw timeout();
        }
    }

    private IOException timeout() {
        return new SocketTimeoutException(
                "no complete answer within " + deadline + ", which is connectTimeout + responseTimeout");
    }
}
