package io.keysetsync;

import org.jspecify.annotations.Nullable;

/** A setting, a schema or a route that can't work, found at start, before any request. The command ends with code 2. */
public final class ConfigurationException extends SyncException {

    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        this(message, null);
    }

    public ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
