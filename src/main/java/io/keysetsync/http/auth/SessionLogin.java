package io.keysetsync.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.FieldPath;
import java.net.URI;
import java.time.Instant;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** A login by a JSON body, with user and password as a rule; the answer has a token for a session of unknown length. */
public final class SessionLogin implements TokenSource {

    private final URI loginUrl;
    private final String login;
    private final FieldPath tokenField;
    private final String scheme;

    /**
     * Makes a login.
     *
     * @param tokenField where the answer has the token
     * @param scheme the word before the token in the header {@code Authorization}; empty for none
     */
    public SessionLogin(URI loginUrl, JsonNode login, FieldPath tokenField, String scheme) {
        this.loginUrl = loginUrl;
        this.login = login.toString();
        this.tokenField = tokenField;
        this.scheme = scheme;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public Token ask(TokenClient client, Instant now) {
        HttpEntity content = new StringEntity(login, ContentType.APPLICATION_JSON);
        JsonNode answer =
                client.post(loginUrl, content, tokenField, "loginUrl, username, password, loginBody and tokenField");
        return Token.endless(tokenField.in(answer).asText());
    }
}
