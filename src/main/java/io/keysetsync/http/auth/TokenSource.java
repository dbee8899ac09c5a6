package io.keysetsync.http.auth;

import java.time.Instant;

/** A source of tokens. */
public sealed interface TokenSource permits TokenGrant, SessionLogin {

    /** The authentication scheme, which precedes the token in the header {@code Authorization}; empty for none. */
    String scheme();

    /**
     * Asks for a token.
     *
     * @throws io.keysetsync.SyncException if no token can be obtained
     */
    Token ask(TokenClient client, Instant now);
}
