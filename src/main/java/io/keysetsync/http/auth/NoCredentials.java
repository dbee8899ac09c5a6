package io.keysetsync.http.auth;

import org.apache.hc.core5.http.HttpRequest;

/** An API that does not ask who asks. */
public record NoCredentials() implements Credentials {

    @Override
    public void sign(HttpRequest request) {
        // nothing to add
    }
}
