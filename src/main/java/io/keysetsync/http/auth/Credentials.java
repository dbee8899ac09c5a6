package io.keysetsync.http.auth;

import org.apache.hc.core5.http.HttpRequest;

/** What tells an API who asks. Belongs to one stream, whose runs follow each other. */
public sealed interface Credentials permits NoCredentials, HeaderCredentials, QueryCredentials, TokenCredentials {

    /** Puts them on a request to the API, each time that it is sent. */
    void sign(HttpRequest request);

    /**
     * Has them ready for the next request.
     *
     * @param client asks for a token, where there is none or it is about to end
     */
    default void prepare(TokenClient client) {}

    /**
     * The API has refused them, by status 401.
     *
     * @return whether others can be had
     */
    default boolean renew() {
        return false;
    }

    /** The API has accepted them. */
    default void accepted() {}
}
