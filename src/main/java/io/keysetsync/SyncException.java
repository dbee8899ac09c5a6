package io.keysetsync;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a run, or the start of the program, could not continue. The message is one line that names the stream,
 * what was wrong with the offending value, and what to do.
 *
 * <p>The subclass says what follows: a {@link RetryableException} is retried, the others are not.
 */
public abstract sealed class SyncException extends RuntimeException
        permits RetryableException,
                TerminalException,
                ConfigurationException,
                FencedException,
                RateLimitedException,
                InterruptedRunException {

    private static final long serialVersionUID = 1L;

    SyncException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
