package io.keysetsync.source;

import io.keysetsync.Version;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How camel-http's client behaves for a stream: the stream's time-outs, and nothing done behind the flow's back, neither
 * retries nor redirects nor cookies. A request under way can be broken off from another thread.
 */
final class ApiClient implements HttpClientConfigurer, ExecChainHandler {

    private final Timeout connectTimeout;
    private final Timeout responseTimeout;
    private final AtomicReference<@Nullable ClassicHttpRequest> underWay = new AtomicReference<>();
    private volatile boolean aborted;

    ApiClient(Duration connectTimeout, Duration responseTimeout) {
        this.connectTimeout = Timeout.of(connectTimeout);
        this.responseTimeout = Timeout.of(responseTimeout);
    }

    @Override
    @SuppressWarnings("deprecation") // the connection manager, where it belongs by now, is camel-http's own
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectTimeout(connectTimeout)
                        .setConnectionRequestTimeout(connectTimeout)
                        .setResponseTimeout(responseTimeout)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("keyset-sync/" + Version.get())
                .addExecInterceptorFirst("keyset-sync", this);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        underWay.set(scope.originalRequest);
        if (aborted) {
            throw new InterruptedIOException("the program is stopping");
        }
        return chain.proceed(request, scope);
    }

    /** Breaks off the request under way, and allows no further one; the thread that waits for it gets an exception. */
    void abort() {
        aborted = true;
        if (underWay.getAndSet(null) instanceof Cancellable request) {
            request.cancel();
        }
    }
}
