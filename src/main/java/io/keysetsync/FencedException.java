package io.keysetsync;

import org.jspecify.annotations.Nullable;

/**
 * Another run of the same stream moved the cursor first (rule 10): this run's page rolls back, and the run ends as
 * {@code fenced}.
 */
public final class FencedException extends SyncException {

    private static final long serialVersionUID = 1L;

    public FencedException(String message) {
        this(message, null);
    }

    public FencedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
