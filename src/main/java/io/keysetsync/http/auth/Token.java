package io.keysetsync.http.auth;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A token that a server gave for the credentials, and the time at which to ask for a new one. */
public final class Token {

    /** How long before its end a token is renewed: long enough for a request that is just being sent. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final String value;
    private final @Nullable Instant due;

    private Token(String value, @Nullable Instant due) {
        this.value = value;
        this.due = due;
    }

    /** A token that is valid until the API refuses it. */
    static Token endless(String value) {
        return new Token(value, null);
    }

    /**
     * A token that expires.
     *
     * @param life the token's lifetime from now on; its last 30 seconds are not used, or its last tenth if that is less
     */
    static Token until(String value, Instant now, Duration life) {
        Duration tenth = life.dividedBy(10);
        return new Token(value, now.plus(life).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN));
    }

    String value() {
        return value;
    }

    boolean isDue(Instant now) {
        return due != null && !now.isBefore(due);
    }
}
