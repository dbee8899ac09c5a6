package io.keysetsync.http.auth;

import io.keysetsync.RetryableException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.WeakHashMap;
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

    /** The token of each thread's last request. */
    private final Map<Thread, Token> sent = new WeakHashMap<>();

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
        sent.put(Thread.currentThread(), token);
        request.setHeader(HttpHeaders.AUTHORIZATION, (source.scheme() + " " + token.value()).stripLeading());
    }

    /** {@inheritDoc} Several requests may learn that the same token is refused; only the first of them counts. */
    @Override
    public synchronized boolean renew() {
        Token refused = sent.remove(Thread.currentThread());
        if (refused != null && !refused.equals(token)) {
            return true;
        }
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
