package io.keysetsync.demo;

/** A request that the API does not understand; the message is what its caller is told. */
public class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BadRequestException(String message) {
        super(message);
    }
}
