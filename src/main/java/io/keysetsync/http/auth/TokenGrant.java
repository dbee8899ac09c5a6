package io.keysetsync.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.FieldPath;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicNameValuePair;

/**
 * A token of OAuth 2.0: by the client credentials grant (RFC 6749, 4.4), by a refresh token that stays the same (6), or by
 * another grant that the form names. A client that has a secret authenticates by HTTP basic authentication (2.3.1).
 */
public final class TokenGrant implements TokenSource {

    private static final FieldPath TOKEN = FieldPath.of("access_token");

    private final URI tokenUrl;
    private final Header[] client;
    private final List<NameValuePair> form = new ArrayList<>();
    private final String parameters;

    /**
     * Makes a grant.
     *
     * @param clientId empty if the form names the client
     * @param clientSecret empty for a public client, or if the form has it
     * @param scope what the token should allow, in the server's words; empty for the server's default
     * @param refreshToken empty if there is none
     * @param further fields of the form, which replace those of the same name
     */
    public TokenGrant(
            URI tokenUrl,
            String clientId,
            String clientSecret,
            String scope,
            String refreshToken,
            List<NameValuePair> further) {
        this.tokenUrl = tokenUrl;
        boolean isBasic = !clientId.isEmpty() && !clientSecret.isEmpty();
        client = isBasic ? new Header[] {basic(clientId, clientSecret)} : new Header[0];
        add("grant_type", refreshToken.isEmpty() ? "client_credentials" : "refresh_token");
        add("refresh_token", refreshToken);
        add("client_id", isBasic ? "" : clientId);
        add("scope", scope);
        form.removeIf(
                field -> further.stream().anyMatch(other -> other.getName().equals(field.getName())));
        form.addAll(further);
        parameters = "tokenUrl, clientId, clientSecret"
                + (refreshToken.isEmpty() ? "" : ", refreshToken")
                + (further.isEmpty() ? " and scope" : ", scope and tokenForm");
    }

    private static Header basic(String clientId, String clientSecret) {
        byte[] pair = (encoded(clientId) + ":" + encoded(clientSecret)).getBytes(StandardCharsets.US_ASCII);
        return new BasicHeader(
                HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(pair), true);
    }

    /** Encodes a text as in a form, which section 2.3.1 demands of id and secret before they are joined. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void add(String name, String value) {
        if (!value.isEmpty()) {
            form.add(new BasicNameValuePair(name, value));
        }
    }

    @Override
    public String scheme() {
        return "Bearer";
    }

    @Override
    public Token ask(TokenClient http, Instant now) {
        JsonNode answer =
                http.post(tokenUrl, new UrlEncodedFormEntity(form, StandardCharsets.UTF_8), TOKEN, parameters, client);
        String token = TOKEN.in(answer).asText();
        long seconds = answer.path("expires_in").asLong(0);
        return seconds <= 0 ? Token.endless(token) : Token.until(token, now, Duration.ofSeconds(seconds));
    }
}
