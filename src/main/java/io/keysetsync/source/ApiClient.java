package io.keysetsync.source;

import io.keysetsync.TerminalException;
import io.keysetsync.Version;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How camel-http's client behaves for a stream: within the stream's limits, at the API's origin, and with nothing done
 * behind the flow's back, neither retries nor cookies. A request under way can be broken off from another thread.
 */
final class ApiClient implements HttpClientConfigurer, ExecChainHandler {

    /** Bytes of an error's body that are read at most. */
    private static final int PASSED_OVER = 64 << 10;

    private final RequestLimits limits;
    private final String what;
    private final Origin origin;
    private final AtomicReference<@Nullable Attempt> underWay = new AtomicReference<>();
    private volatile boolean aborted;
    private volatile @Nullable HttpClientBuilder builder;

    /**
     * A client for an API.
     *
     * @param url without a query
     */
    ApiClient(String stream, URI url, RequestLimits limits) {
        this.limits = limits;
        this.what = "stream " + stream + ": GET " + url;
        this.origin = Origin.of(url);
    }

    /** The stream and the request, for messages. */
    String what() {
        return what;
    }

    @Override
    @SuppressWarnings("deprecation") // the connection manager, where it belongs by now, is camel-http's own
    public void configureHttpClient(HttpClientBuilder client) {
        builder = client;
        client.setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connectTimeout()))
                        .setConnectionRequestTimeout(Timeout.of(limits.connectTimeout()))
                        .setResponseTimeout(Timeout.of(limits.responseTimeout()))
                        .setMaxRedirects(SameOriginRedirects.MOST)
                        .build())
                .setRedirectStrategy(new SameOriginRedirects(origin, what))
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("keyset-sync/" + Version.get())
                .addExecInterceptorFirst("keyset-sync-attempt", this)
                .addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "keyset-sync-hop", this::hop);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Attempt attempt = new Attempt((Cancellable) scope.originalRequest, limits.deadline());
        replace(attempt);
        if (aborted) {
            attempt.end();
            throw new InterruptedIOException("the program is stopping");
        }
        try {
            return readable(chain.proceed(request, scope), attempt);
        } catch (RedirectException e) {
            attempt.breakOff();
            throw new TerminalException(what + ": the API redirects in a circle, or more than "
                    + SameOriginRedirects.MOST + " times in a row; check the url");
        } catch (IOException e) {
            attempt.breakOff();
            throw attempt.explained(e);
        } catch (HttpException | RuntimeException e) {
            attempt.breakOff();
            throw e;
        }
    }

    /** The answer, with a body that keeps to the limits; without any if it is an error, which is told by its status. */
    private ClassicHttpResponse readable(ClassicHttpResponse response, Attempt attempt) {
        HttpEntity body = response.getEntity();
        if (body == null) {
            attempt.end();
        } else if (response.getCode() < 300) {
            response.setEntity(new LimitedBody(body, limits.maxPageSize(), what, attempt));
        } else {
            pass(body, attempt);
            response.setEntity(null);
        }
        return response;
    }

    private static void pass(HttpEntity body, Attempt attempt) {
        boolean complete = false;
        try {
            complete = passOver(body);
        } catch (IOException e) {
            // the status has come, and counts
        }
        if (complete) {
            attempt.end();
        } else {
            attempt.breakOff();
        }
    }

    /**
     * Reads a short body to its end, so that its connection can be used again; a longer one is not worth it.
     *
     * @return whether it was short
     */
    private static boolean passOver(HttpEntity body) throws IOException {
        return body.getContent().readNBytes(PASSED_OVER + 1).length <= PASSED_OVER;
    }

    /** One exchange with the API; an attempt takes several if it is redirected. */
    private ClassicHttpResponse hop(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        boolean redirect = response.getCode() / 100 == 3;
        if (redirect && response.getEntity() != null) {
            if (!passOver(response.getEntity())) {
                throw new IOException("the redirect's body has more than " + PASSED_OVER + " bytes");
            }
            response.setEntity(null);
        }
        return response;
    }

    private void replace(@Nullable Attempt next) {
        Attempt last = underWay.getAndSet(next);
        if (last != null) {
            last.end();
        }
    }

    /** Breaks off the request under way, and allows no further one; the thread that waits for it gets an exception. */
    void abort() {
        aborted = true;
        Attempt last = underWay.getAndSet(null);
        if (last != null) {
            last.breakOff();
        }
    }

    /** Closes the connections that a run leaves behind; within a run they are kept and used again. */
    void closeIdle(CamelContext context) {
        context.getEndpoints().stream()
                .filter(HttpEndpoint.class::isInstance)
                .map(HttpEndpoint.class::cast)
                .filter(endpoint -> Objects.equals(endpoint.getClientBuilder(), builder))
                .map(HttpEndpoint::getClientConnectionManager)
                .filter(ConnPoolControl.class::isInstance)
                .forEach(pool -> ((ConnPoolControl<?>) pool).closeIdle(TimeValue.ZERO_MILLISECONDS));
    }
}
