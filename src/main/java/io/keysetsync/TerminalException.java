package io.keysetsync;

import org.jspecify.annotations.Nullable;

/**
 * A fault that a retry would only repeat; the run ends as {@code failed}, and the next run starts from the stored
 * cursor.
 */
public final class TerminalException extends SyncException {

    private static final long serialVersionUID = 1L;

    public TerminalException(String message) {
        this(message, null);
    }

    public TerminalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
