package io.keysetsync.http.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.time.Instant;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/** A login by user and password as JSON; the answer has a token for a session of unknown length. */
public final class SessionLogin implements TokenSource {

    private final URI loginUrl;
    private final String login;

    public SessionLogin(URI loginUrl, String username, String password) {
        this.loginUrl = loginUrl;
        this.login = JsonNodeFactory.instance
                .objectNode()
                .put("username", username)
                .put("password", password)
                .toString();
    }

    @Override
    public String scheme() {
        return "Token";
    }

    @Override
    public Token ask(TokenClient client, Instant now) {
        HttpEntity content = new StringEntity(login, ContentType.APPLICATION_JSON);
        JsonNode answer = client.post(loginUrl, content, "token", "loginUrl, username and password");
        return Token.endless(answer.path("token").asText());
    }
}
