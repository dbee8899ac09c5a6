package io.keysetsync.http.auth;

import io.keysetsync.RetryableException;
import java.time.Clock;
import java.time.Instant;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A token that has to be requested. The token is kept until shortly before its end, over many runs. If the API refuses
 * the token earlier, a new one is requested: once, until the API has accepted a token again.
 */
public final class TokenCredentials implements Credentials {

    private final TokenSource source;
    private final Clock clock;
    private @Nullable Token token;
    private boolean renewed;

    public TokenCredentials(TokenSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public synchronized void prepare(TokenClient client) {
        Instant now = clock.instant();
        if (token == null || token.isDue(now)) {
            token = null;
            token = source.ask(client, now);
        }
    }

    @Override
    public synchronized void sign(HttpRequest request) {
        if (token == null) {
            throw new RetryableException(
                    "no token has been asked for; the step 'sign-in' must come before the request");
        }
        request.setHeader(HttpHeaders.AUTHORIZATION, (source.scheme() + " " + token.value()).stripLeading());
    }

    @Override
    public synchronized boolean renew() {
        boolean mayHelp = token != null && !renewed;
        token = null;
        renewed = true;
        return mayHelp;
    }

    @Override
    public synchronized void accepted() {
        renewed = false;
    }
}
