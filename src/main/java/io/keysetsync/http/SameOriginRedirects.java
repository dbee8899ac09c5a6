package io.keysetsync.http;

import io.keysetsync.TerminalException;
import java.net.URI;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Follows an API's redirects as long as they stay at the API's origin; no request, and so no credential, goes
 * elsewhere.
 */
public final class SameOriginRedirects extends DefaultRedirectStrategy {

    /** The most redirects in a row that are followed. */
    static final int MAX = 5;

    private final UrlOrigin origin;
    private final String what;

    /** @param what the stream and the request, for the message */
    SameOriginRedirects(UrlOrigin origin, String what) {
        this.origin = origin;
        this.what = what;
    }

    @Override
    public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context)
            throws ProtocolException {
        // a posted body is only for the server that it was meant for
        return request.getMethod().equals("GET") && super.isRedirected(request, response, context);
    }

    @Override
    public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) {
        URI target;
        try {
            target = super.getLocationURI(request, response, context);
        } catch (HttpException e) {
            // the exception is not kept: its message may quote a credential that the API put into its redirect
            throw new TerminalException(what + ": the API redirects to something that is not a URL; check the url");
        }
        if (!origin.contains(target)) {
            throw new TerminalException(what + ": the API redirects to " + UrlOrigin.shown(target)
                    + ", another origin, where no request goes; if the API has moved there, set url to it");
        }
        return target;
    }
}
