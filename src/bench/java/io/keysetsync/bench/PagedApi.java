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
import org.jspecify.annotations.Nullable;

/** An API on a free port that costs next to nothing: the token of a page is its number, and a page is bytes. */
final class PagedApi implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "scroll_param=";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private PagedApi(IntFunction<byte[]> page) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // Nagle's algorithm would cost 40 ms a page
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, page));
        server.start();
    }

    /** Serves pages by their number, which counts from 0. */
    static PagedApi serving(IntFunction<byte[]> page) throws IOException {
        return new PagedApi(page);
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

    private static void answer(HttpExchange exchange, IntFunction<byte[]> page) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        byte[] body = page.apply(query.startsWith(TOKEN) ? Integer.parseInt(query.substring(TOKEN.length())) : 0);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
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
