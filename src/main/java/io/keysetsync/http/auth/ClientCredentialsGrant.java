package io.keysetsync.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicNameValuePair;

/**
 * OAuth 2.0's client credentials grant (RFC 6749, 4.4); the client authenticates by HTTP basic authentication (2.3.1).
 */
public final class ClientCredentialsGrant implements TokenSource {

    private final URI tokenUrl;
    private final String client;
    private final List<NameValuePair> form = new ArrayList<>();

    /** @param scope what the token should allow, in the server's words; empty for the server's default */
    public ClientCredentialsGrant(URI tokenUrl, String clientId, String clientSecret, String scope) {
        this.tokenUrl = tokenUrl;
        byte[] pair = (encoded(clientId) + ":" + encoded(clientSecret)).getBytes(StandardCharsets.US_ASCII);
        this.client = "Basic " + Base64.getEncoder().encodeToString(pair);
        form.add(new BasicNameValuePair("grant_type", "client_credentials"));
        if (!scope.isEmpty()) {
            form.add(new BasicNameValuePair("scope", scope));
        }
    }

    /** Encodes a text as in a form, which section 2.3.1 demands of id and secret before they are joined. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String scheme() {
        return "Bearer";
    }

    @Override
    public Token ask(TokenClient http, Instant now) {
        JsonNode answer = http.post(
                tokenUrl,
                new UrlEncodedFormEntity(form, StandardCharsets.UTF_8),
                "access_token",
                "tokenUrl, clientId, clientSecret and scope",
                new BasicHeader(HttpHeaders.AUTHORIZATION, client, true));
        String token = answer.path("access_token").asText();
        long seconds = answer.path("expires_in").asLong(0);
        return seconds <= 0 ? Token.endless(token) : Token.until(token, now, Duration.ofSeconds(seconds));
    }
}
