package io.keysetsync.http;

import io.keysetsync.TerminalException;
import java.net.URI;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Follows an API's redirects as long as they stay at the API's origin; no request, and so no credential, goes
 * elsewhere. A POST is redirected only as a POST, and not if it asks for a token: its body is for that server alone.
 */
public final class SameOriginRedirects extends DefaultRedirectStrategy {

    /** The most redirects in a row that are followed. */
    static final int MAX = 5;

    /** Statuses by which a POST stays a POST (RFC 9110, 15.4.8 and 15.4.9); with others it would become a GET. */
    private static final Set<Integer> KEEPING_METHOD = Set.of(307, 308);

    private final UrlOrigin origin;
    private final UnaryOperator<String> what;

    /** @param what the stream and the request of a method, for the message */
    SameOriginRedirects(UrlOrigin origin, UnaryOperator<String> what) {
        this.origin = origin;
        this.what = what;
    }

    @Override
    public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context)
            throws ProtocolException {
        boolean keepsMethod = request.getMethod().equals("GET")
                || (ApiClient.isForPage(context) && KEEPING_METHOD.contains(response.getCode()));
        return keepsMethod && super.isRedirected(request, response, context);
    }

    @Override
    public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) {
        URI target;
        try {
            target = super.getLocationURI(request, response, context);
        } catch (HttpException e) {
            // the exception is not kept: its message may quote a credential that the API put into its redirect
            throw new TerminalException(what.apply(request.getMethod())
                    + ": the API redirects to something that is not a URL; check the url");
        }
        if (!origin.contains(target)) {
            throw new TerminalException(
                    what.apply(request.getMethod()) + ": the API redirects to " + UrlOrigin.shown(target)
                            + ", another origin, where no request goes; if the API has moved there, set url to it");
        }
        return target;
    }
}
