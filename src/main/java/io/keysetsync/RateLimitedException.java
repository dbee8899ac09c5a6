package io.keysetsync;

import org.jspecify.annotations.Nullable;

/** The API asked for a longer pause than {@code maxRetryAfter}; the run ends as {@code rate-limited} and keeps its pages. */
public final class RateLimitedException extends SyncException {

    private static final long serialVersionUID = 1L;

    public RateLimitedException(String message) {
        this(message, null);
    }

    public RateLimitedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
