package io.keysetsync.console;

import io.keysetsync.observe.Observation;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's HTTP server. It has a few separate threads, so that neither slow clients nor many of them hold
 * up a stream; what it answers are the routes of {@code console.camel.yaml}, which are added to the context that it serves.
 */
final class ConsoleServer {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

    private static final String ROUTES = "classpath:io/keysetsync/console/console.camel.yaml";

    private static final int WORKERS = 4;
    private static final int MOST_CONNECTIONS = 256;
    private static final int IDLE_SECONDS = 60;
    private static final long MOST_BODY_BYTES = 1 << 20;
    private static final long LISTEN_SECONDS = 10;
    private static final long CLOSE_SECONDS = 2;

    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    private final ConsoleSettings settings;
    private final @Nullable String token;
    private final Vertx vertx;
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable HttpServer server;
    private volatile @Nullable Router current;
    private @Nullable ObserveApi observe;

    /** @param token null if there is none */
    ConsoleServer(ConsoleSettings settings, @Nullable String token) {
        this.settings = settings;
        this.token = token;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setWorkerPoolSize(WORKERS)
                .setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1))); // a database may take its time
    }

    /** Listens on a port; until a context is {@linkplain #serve served}, the answer is 503. */
    void listen(int port) throws Exception {
        server = await(vertx.createHttpServer(
                        new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setCompressionSupported(true))
                .connectionHandler(this::limit)
                .requestHandler(request -> {
                    Router router = current;
                    if (router == null) {
                        request.response().setStatusCode(UNAVAILABLE).end(ConsoleError.json("the program is starting"));
                    } else {
                        router.handle(request);
                    }
                })
                .listen(port, settings.host()));
    }

    /** Closes a connection that is one too many. */
    private void limit(HttpConnection connection) {
        connection.closeHandler(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connection.close();
        }
    }

    /** Answers for a context from now on. */
    void serve(CamelContext context) throws Exception {
        int port = server == null ? 0 : server.actualPort();
        Router routes = Router.router(vertx);
        Registry registry = context.getRegistry();
        registry.bind(
                VertxPlatformHttpRouter.getRouterNameFromPort(port),
                new VertxPlatformHttpRouter(null, vertx, routes, String.valueOf(port)) {
                    @Override
                    public Handler<RoutingContext> bodyHandler() {
                        return BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES);
                    }
                });
        registry.bind(ConsoleEngine.NAME, new ConsoleEngine(port));
        registry.bind(ConsoleHeaders.NAME, new ConsoleHeaders());
        registry.bind("keysetSyncStreams", new StreamsApi(context, Clock.systemUTC()));
        registry.bind("keysetSyncQuarantine", new QuarantineApi(context));
        registry.bind("keysetSyncProgram", new ProgramApi());
        registry.bind("keysetSyncPage", new PageFiles());
        ObserveApi watching = new ObserveApi(Observation.of(context));
        registry.bind("keysetSyncObserve", watching);
        observe = watching;
        Resource yaml = PluginHelper.getResourceLoader(context).resolveResource(ROUTES);
        PluginHelper.getRoutesLoader(context).loadRoutes(yaml);
        current = guarded(port, routes);
    }

    private Router guarded(int port, Router routes) {
        Router all = Router.router(vertx);
        all.route().handler(new Guard(settings, port, token));
        all.route("/*").subRouter(routes);
        all.errorHandler(NOT_FOUND, failed -> fail(failed, "there is nothing at this path"));
        all.errorHandler(
                METHOD_NOT_ALLOWED, failed -> fail(failed, "this path does not support the method of this request"));
        all.errorHandler(TOO_LARGE, failed -> fail(failed, "the body is longer than 1 MiB"));
        return all;
    }

    private static void fail(RoutingContext failed, String why) {
        failed.response().setStatusCode(failed.statusCode()).end(ConsoleError.json(why));
    }

    /** Stops answering until the next context. */
    void leave() {
        current = null;
        if (observe != null) {
            observe.close();
            observe = null;
        }
    }

    void close() {
        leave();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the console could not be closed", e);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LISTEN_SECONDS, TimeUnit.SECONDS);
    }
}
