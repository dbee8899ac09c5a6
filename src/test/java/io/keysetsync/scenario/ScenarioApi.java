package io.keysetsync.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server, on a free port of 127.0.0.1, that plays a {@link Scenario}. Begin with {@link #of}.
 *
 * <p>It answers the same on every path. Starting one takes about a millisecond; {@link #reset} plays another scenario
 * on the same port, and so keeps a client's connections.
 */
public final class ScenarioApi implements AutoCloseable {
    private final MockWebServer server = new MockWebServer();
    private volatile Session session;

    /** An API with this live data, which behaves as {@link Scenario} says until told otherwise. */
    public static Scenario of(Feed feed) {
        return new Scenario(feed);
    }

    ScenarioApi(Scenario scenario) {
        session = new Session(scenario.validated());
        server.setServerSocketFactory(new LoopbackSockets());
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest received) throws InterruptedException {
                server.takeRequest(0, TimeUnit.SECONDS); // the server's own record of it, which would only grow
                return session.respond(received);
            }
        });
        try {
            server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the records are: {@code http://127.0.0.1:PORT/records}. */
    public String url() {
        return url("/records");
    }

    /** Another path of this server, which begins with a slash. */
    public String url(String path) {
        return "http://127.0.0.1:" + server.getPort() + path;
    }

    /** The live data. */
    public Feed feed() {
        return session.scenario.feed();
    }

    /** All requests since the start or the last reset, in the order in which they came. */
    public List<Request> requests() {
        return session.requests();
    }

    /** From now on the API behaves otherwise. Requests are counted on, and tokens given out so far stay good. */
    public synchronized void change(UnaryOperator<Scenario> change) {
        session.scenario = change.apply(session.scenario).validated();
    }

    /** Starts again with another scenario: no requests, no tokens; responses that are held or stalled are dropped. */
    public synchronized void reset(Scenario scenario) {
        Session before = session;
        session = new Session(scenario.validated());
        before.end();
    }

    /** Stops the server. Fails when a hook has failed, which its request could only answer with status 500. */
    @Override
    public void close() {
        session.over.complete(null);
        server.close();
        session.end();
    }

    /** From a start or reset to the next one. */
    private static final class Session {
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final List<Request> requests = new ArrayList<>();
        private final Endpoint endpoint = new Endpoint();
        private volatile Scenario scenario;
        private volatile @Nullable Throwable failure;

        Session(Scenario scenario) {
            this.scenario = scenario;
        }

        MockResponse respond(RecordedRequest received) {
            Request request = record(received);
            Scenario now = scenario;
            Answer answer = compress(now, request, answer(now, request));
            now.gatesFor(request).forEach(gate -> gate.hold(over));
            return (over.isDone() ? Answer.none(Answer.Delivery.CLOSED) : answer).response(over);
        }

        private Request record(RecordedRequest received) {
            synchronized (requests) {
                Request request = Request.of(requests.size() + 1, received);
                requests.add(request);
                return request;
            }
        }

        private Answer answer(Scenario now, Request request) {
            synchronized (endpoint) {
                try {
                    now.hooksFor(request).forEach(hook -> hook.accept(now.feed()));
                    return now.faultFor(request).apply(now, () -> endpoint.answer(now, request));
                } catch (RuntimeException | Error e) {
                    failure = e;
                    return Answer.error(500, "The scenario failed: " + e);
                }
            }
        }

        private static Answer compress(Scenario now, Request request, Answer answer) {
            String accepted = request.header("accept-encoding");
            boolean wanted = now.isGzip() && accepted != null && accepted.contains("gzip");
            return wanted && answer.mayBeGzipped() ? answer.gzipped() : answer;
        }

        List<Request> requests() {
            synchronized (requests) {
                return List.copyOf(requests);
            }
        }

        void end() {
            over.complete(null);
            if (failure != null) {
                throw new IllegalStateException("The scenario failed", failure);
            }
        }
    }
}
