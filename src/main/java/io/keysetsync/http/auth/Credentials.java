package io.keysetsync.http.auth;

import org.apache.hc.core5.http.HttpRequest;

/** Authenticates the requests of one stream; those of parallel windows come from several threads. */
public sealed interface Credentials permits NoCredentials, HeaderCredentials, QueryCredentials, TokenCredentials {

    /** Adds the credentials to a request to the API; called each time that the request is sent. */
    void sign(HttpRequest request);

    /**
     * Prepares the credentials for the next request.
     *
     * @param client asks for a token, if there is none or the token is about to expire
     */
    default void prepare(TokenClient client) {}

    /**
     * Called when the API has refused the credentials, by status 401.
     *
     * @return whether new credentials can be obtained
     */
    default boolean renew() {
        return false;
    }

    /** Called when the API has accepted the credentials. */
    default void accepted() {}
}
