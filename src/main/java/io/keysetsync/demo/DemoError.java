package io.keysetsync.demo;

/** The answer to a request that the API refuses. */
public record DemoError(String error) {

    public static DemoError of(String message) {
        return new DemoError(message);
    }
}
