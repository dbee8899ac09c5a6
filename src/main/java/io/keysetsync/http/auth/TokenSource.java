package io.keysetsync.http.auth;

import java.time.Instant;

/** Where a token comes from. */
public sealed interface TokenSource permits ClientCredentialsGrant, SessionLogin {

    /** What stands before the token in the header {@code Authorization}. */
    String scheme();

    /**
     * Asks for a token.
     *
     * @throws io.keysetsync.SyncException if there is none to be had
     */
    Token ask(TokenClient client, Instant now);
}
