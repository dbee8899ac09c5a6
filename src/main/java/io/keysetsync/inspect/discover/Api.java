package io.keysetsync.inspect.discover;

import io.keysetsync.ConfigurationException;
import io.keysetsync.RetryableException;
import io.keysetsync.SyncRoute;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.source.SourceParameters;
import io.keysetsync.source.SyncSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.hc.core5.net.PercentCodec;
import org.jspecify.annotations.Nullable;

/**
 * An API, asked through the routes of a stream that does not exist yet: with its credentials, limits and rate. The stream's
 * parameters are those that are known so far.
 */
final class Api {

    /** What holds while nothing else is known: everything is asked for, and no answer is set aside. */
    private static final Map<String, String> UNKNOWN = Map.of(
            "recordsField", "",
            "cursorParam", "",
            "onMissingCursor", "save",
            "onMissingRecords", "empty");

    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final CamelContext context;
    private final String stream;
    private final String url;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final int most;
    private final Map<String, Reply> replies = new HashMap<>();
    private int requests;

    /**
     * Prepares to ask an API.
     *
     * @param given the parameters that the user has named, which are never changed
     * @param most the number of requests that may be sent
     * @throws ConfigurationException if a parameter can't be used
     */
    Api(CamelContext context, String stream, String url, Map<String, String> given, int most) throws Exception {
        this.context = context;
        this.stream = stream;
        this.url = url;
        this.most = most;
        parameters.putAll(given);
        load();
    }

    /** Sets parameters that have been found. */
    void set(Map<String, String> found) throws Exception {
        parameters.putAll(found);
        load();
    }

    /** The parameters that are known so far: the user's and those that were found. */
    Map<String, String> known() {
        return Map.copyOf(parameters);
    }

    boolean knows(String parameter) {
        return parameters.containsKey(parameter);
    }

    private void load() throws Exception {
        close();
        Map<String, String> all = new TreeMap<>(UNKNOWN);
        all.putAll(parameters);
        SyncRoute route = SyncRoute.of(stream, url).through(page -> page.stop());
        all.forEach(route::with);
        context.addRoutes(route);
    }

    /** Removes the stream's routes. */
    void close() throws Exception {
        for (Route route : List.copyOf(context.getRoutes())) {
            if (isOurs(route.getRouteId())) {
                context.getRouteController().stopRoute(route.getRouteId());
                context.removeRoute(route.getRouteId());
            }
        }
    }

    private boolean isOurs(String route) {
        return route.equals(stream) || route.equals(stream + "-source");
    }

    SourceParameters source() {
        return ((SyncSource) StreamRegistry.of(context).source(stream)).parameters();
    }

    /** How many requests were sent. */
    int requests() {
        return requests;
    }

    /** How many more requests may be sent. */
    int left() {
        return most - requests;
    }

    /** The request for all records, without a cursor. */
    PageRequest first() {
        return source().newList().first(null, null);
    }

    /** The same request with further query parameters. */
    PageRequest with(Map<String, String> query) {
        String target = source().request().target(first());
        StringBuilder all = new StringBuilder(target);
        query.forEach((name, value) -> all.append(all.indexOf("?") < 0 ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return PageRequest.since(null, null).following(all.toString());
    }

    private static String encoded(String text) {
        return PercentCodec.encode(text, StandardCharsets.UTF_8);
    }

    /** The request to which the first pages of the list lead; null if they are all, or lead nowhere. */
    @Nullable
    PageRequest after(List<Reply> pages) {
        Paging paging = source().newList();
        paging.first(null, null);
        Next next = new Next.End();
        for (Reply page : pages) {
            next = paging.after(page(page), Progress.from(null, null));
        }
        return next instanceof Next.Ask ask ? ask.request() : null;
    }

    /** The page that an answer is, by the parameters that are known so far. */
    Page page(Reply reply) {
        return StreamRegistry.of(context).source(stream).reader().read(reply.body(), reply.links(), Instant.now());
    }

    /** The answer to a request; what was answered before is not asked for again. */
    Reply ask(PageRequest request) throws Exception {
        String written =
                source().request().target(request) + "\n" + source().request().body(request);
        Reply reply = replies.get(written);
        if (reply == null) {
            reply = answered(request);
            replies.put(written, reply);
        }
        return reply;
    }

    /** Asks again, a little later, what may be answered then: a rate limit or a lost connection is no finding. */
    private Reply answered(PageRequest request) throws Exception {
        for (int attempt = 1; ; attempt++) {
            requests++;
            OneRequest one = new OneRequest(request);
            one.inspect(context, stream);
            Reply reply = one.reply();
            boolean isTransient = reply.error() instanceof RetryableException && !reply.isRefused();
            if (!isTransient || attempt >= ATTEMPTS || left() <= 0) {
                return reply;
            }
            Thread.sleep(PAUSE.multipliedBy(attempt).toMillis());
        }
    }
}
