package io.keysetsync.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An API on a free port that costs next to nothing: a page is bytes, and its token is a number. Started alone, it serves
 * users to any client: see {@link ApiAndPostgres}.
 */
final class PagedApi implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "scroll_param=";
    private static final String SINCE = "updated_since=";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private PagedApi(IntFunction<byte[]> page, ToIntFunction<String> first) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // Nagle's algorithm would cost 40 ms a page
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, page, first));
        server.start();
    }

    /** Serves pages by their number, which counts from 0. */
    static PagedApi serving(IntFunction<byte[]> page) throws IOException {
        return serving(page, since -> 0);
    }

    /** Serves pages by their number, each after a pause, as an API that is far away does. */
    static PagedApi serving(IntFunction<byte[]> page, int latencyMillis) throws IOException {
        return serving(number -> {
            pause(latencyMillis);
            return page.apply(number);
        });
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Serves pages by their token; {@code first} finds the token of the first page since a time. */
    static PagedApi serving(IntFunction<byte[]> page, ToIntFunction<String> first) throws IOException {
        return new PagedApi(page, first);
    }

    /** The bytes of a page. */
    static byte[] render(List<Map<String, Object>> records, @Nullable Integer next) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("data", records);
        page.put("scroll_param", next == null ? null : next.toString());
        try {
            return JSON.writeValueAsBytes(page);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, IntFunction<byte[]> page, ToIntFunction<String> first)
            throws IOException {
        byte[] body = page.apply(token(exchange.getRequestURI().getQuery(), first));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static int token(@Nullable String query, ToIntFunction<String> first) {
        if (query == null) {
            return 0;
        }
        if (query.startsWith(TOKEN)) {
            return Integer.parseInt(query.substring(TOKEN.length()));
        }
        return query.startsWith(SINCE) ? first.applyAsInt(query.substring(SINCE.length())) : 0;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/users";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
