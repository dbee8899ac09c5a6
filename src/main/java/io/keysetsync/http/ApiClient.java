package io.keysetsync.http;

import io.keysetsync.TerminalException;
import io.keysetsync.Version;
import io.keysetsync.http.auth.Credentials;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Configures camel-http's client for a stream: requests keep to the stream's limits and to the API's origin, and the
 * client neither retries nor keeps cookies by itself. Another thread can abort a request under way.
 */
public final class ApiClient implements HttpClientConfigurer, ExecChainHandler {

    /** The most bytes of an answer to a request for a token. */
    private static final int MAX_TOKEN_ANSWER = 1 << 20;

    private static final String WITHOUT_CREDENTIALS = "keyset-sync.without-credentials";

    private static final Answer NO_ANSWER = new Answer(List.of(), false, "");

    private final String stream;
    private final RequestLimits limits;
    private final Credentials credentials;
    private final RequestListener listener;
    private final URI url;
    private final UrlOrigin origin;

    /** What the current thread sends next. The client works in the thread of the route. */
    private final ThreadLocal<Sending> sending = ThreadLocal.withInitial(() -> new Sending("", null, Map.of()));

    private final Map<String, Attempt> underWay = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Set<String> aborted = ConcurrentHashMap.newKeySet();
    private volatile @Nullable HttpClientBuilder builder;
    private volatile @Nullable HttpEndpoint endpoint;

    /**
     * A request that is sent next.
     *
     * @param target path and query, encoded; null if they are as camel-http made them
     * @param headers the user's own
     */
    private record Sending(String run, @Nullable String target, Map<String, String> headers) {}

    /**
     * Makes the client of a stream.
     *
     * @param url without a query
     */
    public ApiClient(String stream, URI url, RequestLimits limits, Credentials credentials, RequestListener listener) {
        this.stream = stream;
        this.limits = limits;
        this.credentials = credentials;
        this.listener = listener;
        this.url = url;
        this.origin = UrlOrigin.of(url);
    }

    /** The stream and the request, for messages. */
    public String what(String method) {
        return "stream " + stream + ": " + method + " " + url;
    }

    @Override
    @SuppressWarnings("deprecation") // the connection manager, to which the time-out belongs now, is made by camel-http
    public void configureHttpClient(HttpClientBuilder client) {
        builder = client;
        endpoint = null; // the route has been created again, and has another endpoint
        client.setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connectTimeout()))
                        .setConnectionRequestTimeout(Timeout.of(limits.connectTimeout()))
                        .setResponseTimeout(Timeout.of(limits.responseTimeout()))
                        .setMaxRedirects(SameOriginRedirects.MAX)
                        .build())
                .setRedirectStrategy(new SameOriginRedirects(origin, this::what))
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setContentDecoderRegistry(new LinkedHashMap<>(AnswerBody.decoders()))
                .setUserAgent("keyset-sync/" + Version.get())
                .addExecInterceptorFirst("keyset-sync-attempt", this)
                .addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "keyset-sync-hop", this::hop);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        String run = sending.get().run();
        if (isForPage(scope.clientContext)) {
            request.setPath(Objects.requireNonNullElse(sending.get().target(), request.getPath()));
            sending.get().headers().forEach(request::setHeader);
        }
        Attempt attempt = new Attempt((Cancellable) scope.originalRequest, limits.deadline(), listener);
        Attempt last = underWay.put(run, attempt);
        if (last != null) {
            last.end();
        }
        if (aborted.contains(run)) {
            attempt.end();
            throw new InterruptedIOException("the run has to end");
        }
        try {
            attempt.sent();
            ClassicHttpResponse response = chain.proceed(request, scope);
            attempt.answered(response.getCode());
            limit(request.getMethod(), response, scope.clientContext, attempt);
            if (isForPage(scope.clientContext)) {
                answers.put(run, Answer.of(response));
            }
            return response;
        } catch (RedirectException e) {
            attempt.abort();
            throw new TerminalException(what(request.getMethod()) + ": the API redirects in a circle, or more than "
                    + SameOriginRedirects.MAX + " times in a row; check the url");
        } catch (IOException e) {
            attempt.abort();
            throw attempt.explained(e);
        } catch (HttpException | RuntimeException e) {
            attempt.abort();
            throw e;
        }
    }

    /** Makes the body of an answer keep to the limits, and takes the body off an error. */
    private void limit(String method, ClassicHttpResponse response, HttpContext context, Attempt attempt) {
        HttpEntity body = response.getEntity();
        if (body == null) {
            attempt.end();
        } else if (response.getCode() < 300) {
            response.setEntity(limited(method, body, context, attempt));
        } else {
            AnswerBody.discard(response, attempt);
        }
    }

    private LimitedBody limited(String method, HttpEntity body, HttpContext context, Attempt attempt) {
        return isForPage(context)
                ? new LimitedBody(
                        body,
                        limits.maxPageSize(),
                        what(method) + ": the response is larger than maxPageSize, " + limits.maxPageSize()
                                + " bytes; ask for smaller pages, or raise maxPageSize",
                        attempt)
                : new LimitedBody(
                        body,
                        MAX_TOKEN_ANSWER,
                        "stream " + stream + ": the response with the token is larger than " + MAX_TOKEN_ANSWER
                                + " bytes; check the url that is asked for tokens",
                        attempt);
    }

    /** One exchange with the API; an attempt takes several if it is redirected. */
    private ClassicHttpResponse hop(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (isForPage(scope.clientContext)) {
            sign(request);
        }
        ClassicHttpResponse response = chain.proceed(request, scope);
        AnswerBody.checkEncoding(response, stream);
        boolean redirect = response.getCode() / 100 == 3;
        if (redirect && response.getEntity() != null) {
            if (!AnswerBody.drain(response.getEntity())) {
                throw new IOException("the redirect's body has more than " + AnswerBody.MAX_DRAINED + " bytes");
            }
            response.setEntity(null);
        }
        return response;
    }

    /** Signs a request, but only if it goes to the API's origin: no other server may get the credentials. */
    private void sign(ClassicHttpRequest request) throws HttpException {
        try {
            if (!origin.contains(request.getUri())) {
                throw new TerminalException(what(request.getMethod()) + ": refused to ask "
                        + UrlOrigin.shown(request.getUri()) + ", which is not the origin of the url");
            }
        } catch (URISyntaxException e) {
            throw new ProtocolException("the request has no URL", e);
        }
        credentials.sign(request);
    }

    /** Marks a context whose requests are sent without the stream's credentials. */
    static void withoutCredentials(HttpContext context) {
        context.setAttribute(WITHOUT_CREDENTIALS, true);
    }

    static boolean isForPage(HttpContext context) {
        return context.getAttribute(WITHOUT_CREDENTIALS) == null;
    }

    /**
     * Says what the current thread sends next.
     *
     * @param target path and query, sent byte for byte instead of what camel-http makes of them; only characters that no
     *     request may have are percent-encoded
     * @param headers the user's own, in place of the program's of the same names
     */
    public void sends(String run, String target, Map<String, String> headers) {
        answers.remove(run);
        sending.set(new Sending(run, RequestTarget.encoded(target), headers));
    }

    /** Forgets what the current thread has sent, as the thread's next request may be that of another stream. */
    public void sent() {
        sending.remove();
    }

    /** The values of the header {@code Link} of a run's last answer. */
    public List<String> links(String run) {
        return answers.getOrDefault(run, NO_ANSWER).links();
    }

    /** Whether a run's last answer had no body; the JSON {@code null} is parsed instead. */
    public boolean wasEmpty(String run) {
        return answers.getOrDefault(run, NO_ANSWER).isEmpty();
    }

    /** Status, type and length of the answer to a run's last request, for messages; empty if there was no answer. */
    public String answerSummary(String run) {
        return answers.getOrDefault(run, NO_ANSWER).summary();
    }

    /**
     * Aborts a run's request under way, and allows no further one; the thread that waits for the answer gets an
     * exception.
     */
    public void abort(String run) {
        aborted.add(run);
        Attempt attempt = underWay.remove(run);
        if (attempt != null) {
            attempt.abort();
        }
    }

    /** Ends a run's last request, and closes the connections, which are kept and reused only within a run. */
    public void release(String run, CamelContext context) {
        answers.remove(run);
        aborted.remove(run);
        Attempt last = underWay.remove(run);
        if (last != null) {
            last.end();
        }
        endpoint(context)
                .map(HttpEndpoint::getClientConnectionManager)
                .filter(ConnPoolControl.class::isInstance)
                .ifPresent(pool -> ((ConnPoolControl<?>) pool).closeIdle(TimeValue.ZERO_MILLISECONDS));
    }

    /** The client that camel-http has made. */
    public HttpClient client(CamelContext context) {
        return endpoint(context).orElseThrow().getHttpClient();
    }

    /** camel-http's endpoint with this configuration; empty if no route uses this configuration to send requests. */
    private Optional<HttpEndpoint> endpoint(CamelContext context) {
        HttpClientBuilder own = builder;
        if (endpoint == null && own != null) {
            endpoint = context.getEndpoints().stream()
                    .filter(HttpEndpoint.class::isInstance)
                    .map(HttpEndpoint.class::cast)
                    .filter(each -> own == each.getClientBuilder())
                    .findFirst()
                    .orElse(null);
        }
        return Optional.ofNullable(endpoint);
    }
}
