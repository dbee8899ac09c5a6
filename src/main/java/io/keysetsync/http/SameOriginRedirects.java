package io.keysetsync.http;

import io.keysetsync.TerminalException;
import java.net.URI;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Follows an API's redirects as long as they stay at its origin; no request, and so no credential, goes elsewhere. */
public final class SameOriginRedirects extends DefaultRedirectStrategy {

    /** How many redirects in a row are followed. */
    static final int MOST = 5;

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
        // what is posted is for its receiver alone
        return request.getMethod().equals("GET") && super.isRedirected(request, response, context);
    }

    @Override
    public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) {
        URI target;
        try {
            target = super.getLocationURI(request, response, context);
        } catch (HttpException e) {
            // whose message may quote a credential that the API put into its redirect
            throw new TerminalException(what + ": the API redirects to what is no URL; check the url");
        }
        if (!origin.contains(target)) {
            throw new TerminalException(what + ": the API redirects to " + UrlOrigin.shown(target)
                    + ", another origin, where no request goes; if that is the API's new place, set url to it");
        }
        return target;
    }
}
