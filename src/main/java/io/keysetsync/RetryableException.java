package io.keysetsync;

import org.jspecify.annotations.Nullable;

/** A passing fault: the same request may succeed a moment later. */
public final class RetryableException extends SyncException {

    private static final long serialVersionUID = 1L;

    public RetryableException(String message) {
        this(message, null);
    }

    public RetryableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
