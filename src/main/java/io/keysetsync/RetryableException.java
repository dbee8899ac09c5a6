package io.keysetsync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A passing fault: the same request may succeed a moment later. */
public final class RetryableException extends SyncException {

    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    public RetryableException(String message) {
        this(message, null);
    }

    public RetryableException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /** @param retryAfter how long the other side asked to wait; null if it did not ask */
    public RetryableException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** How long the other side asked to wait before the next try; null if it did not ask. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
