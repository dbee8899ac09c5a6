package io.keysetsync.inspect.discover;

/** What an API has answered does not suffice; the message says what to pass. */
public final class UndecidedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UndecidedException(String message) {
        super(message);
    }
}
