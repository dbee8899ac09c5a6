package io.keysetsync;

import org.jspecify.annotations.Nullable;

/**
 * The program, or its CamelContext, is stopping: the run ends as {@code interrupted} with every page either whole or
 * absent.
 */
public final class InterruptedRunException extends SyncException {

    private static final long serialVersionUID = 1L;

    public InterruptedRunException(String message) {
        this(message, null);
    }

    public InterruptedRunException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
