package io.keysetsync.http.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;

/** Credentials in a header that is always the same. */
public final class HeaderCredentials implements Credentials {

    private final String name;
    private final String value;

    public HeaderCredentials(String name, String value) {
        this.name = name;
        this.value = value;
    }

    /**
     * User and password (RFC 7617), in UTF-8, sent with the first request already, not only after the API has asked for
     * them.
     */
    public static HeaderCredentials basic(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new HeaderCredentials(
                HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** A bearer token (RFC 6750). */
    public static HeaderCredentials bearer(String token) {
        return new HeaderCredentials(HttpHeaders.AUTHORIZATION, "Bearer " + token);
    }

    @Override
    public void sign(HttpRequest request) {
        request.setHeader(name, value);
    }
}
