package io.keysetsync.http.auth;

import org.apache.hc.core5.http.HttpRequest;

/** The credentials for an API without authentication. */
public record NoCredentials() implements Credentials {

    @Override
    public void sign(HttpRequest request) {
        // nothing to add
    }
}
