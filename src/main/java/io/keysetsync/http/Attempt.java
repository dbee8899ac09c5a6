package io.keysetsync.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.Cancellable;

/**
 * One request, from its sending to the last byte of its answer. An attempt is aborted at its deadline. A socket's
 * time-out alone would not do, because each byte that arrives restarts the time-out.
 */
public final class Attempt {

    private final Cancellable request;
    private final Duration deadline;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean late;
    private volatile long sentAt;
    private volatile int status = RequestListener.NO_ANSWER;

    Attempt(Cancellable request, Duration deadline, RequestListener listener) {
        this.request = request;
        this.deadline = deadline;
        CompletableFuture<Void> unused = over.whenComplete((end, timeout) -> {
            if (sentAt != 0) {
                listener.requested(status, Duration.ofNanos(System.nanoTime() - sentAt));
            }
        });
        // a timer of the JDK's one timer thread; a future that completes in time cancels the timer at once
        over.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS).exceptionally(timeout -> {
            late = true;
            request.cancel();
            return null;
        });
    }

    void sent() {
        sentAt = System.nanoTime();
    }

    /** Notes the status of the answer, whose body is still to come. */
    void answered(int code) {
        status = code;
    }

    /** Ends the attempt, because its answer has arrived or been given up. */
    void end() {
        over.complete(null);
    }

    /**
     * Closes the connection, even if some of the answer is still to come; the thread that waits for the answer gets an
     * exception.
     */
    void abort() {
        end();
        request.cancel();
    }

    /** The given failure, or a time-out if the deadline caused it. */
    IOException explained(IOException failure) {
        if (!late) {
            return failure;
        }
        IOException timeout = timeout();
        timeout.addSuppressed(failure);
        return timeout;
    }

    /**
     * Throws an exception if the deadline has passed: to a reader, the end of an aborted connection can look like the
     * end of the body.
     */
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
