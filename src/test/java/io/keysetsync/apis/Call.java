package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A request as an API gets it.
 *
 * @param target path and query, still encoded
 * @param query the decoded parameters; {@code +} is a blank
 * @param body the JSON document of the body, a text if the body is a form; missing if there is none
 */
record Call(String method, String target, Map<String, List<String>> query, Headers headers, JsonNode body) {

    static Call of(RecordedRequest request) {
        String target = request.getTarget();
        int mark = target.indexOf('?');
        String body = request.getBody() == null ? "" : request.getBody().utf8();
        try {
            return new Call(
                    request.getMethod(),
                    target,
                    mark < 0 ? Map.of() : query(target.substring(mark + 1)),
                    request.getHeaders(),
                    body(request, body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode body(RecordedRequest request, String body) throws IOException {
        if (body.isEmpty()) {
            return MissingNode.getInstance();
        }
        String type = String.valueOf(request.getHeaders().get("Content-Type"));
        return type.startsWith("application/json") ? new ObjectMapper().readTree(body) : TextNode.valueOf(body);
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                    .add(parts.length == 1 ? "" : decoded(parts[1]));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** The first value of a query parameter; null if the request lacks it. */
    @Nullable
    String parameter(String name) {
        return query.containsKey(name) ? query.get(name).get(0) : null;
    }

    /** A query parameter as a number. */
    int number(String name, int absent) {
        String value = parameter(name);
        return value == null ? absent : Integer.parseInt(value);
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** Refuses a request that has another parameter than these, as strict APIs do. */
    void allowOnly(String... names) {
        query.keySet().stream()
                .filter(name -> !Set.of(names).contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new Refusal(400, "unknown parameter " + name);
                });
    }

    /** A query parameter that the API can't do without. */
    String needed(String name) {
        String value = parameter(name);
        if (value == null) {
            throw new Refusal(400, name + " is missing");
        }
        return value;
    }

    /** Refuses a request that asks for more than this in a page. */
    void allowAtMost(int most, String name) {
        if (number(name, 1) < 1 || number(name, 1) > most) {
            throw new Refusal(400, name + " must be between 1 and " + most);
        }
    }

    /** Refuses a request for another path. */
    void requirePath(String path) {
        if (!path().equals(path)) {
            throw new Refusal(404, "Not Found");
        }
    }

    /** Refuses a request without these credentials of HTTP's basic authentication. */
    void requireBasic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.US_ASCII);
        require("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair), 401);
    }

    /** This request's path and query with another value in one parameter, as APIs write links. */
    String targetWith(String name, String value) {
        StringBuilder link = new StringBuilder(path());
        char separator = '?';
        for (Map.Entry<String, List<String>> each : query.entrySet()) {
            if (!each.getKey().equals(name)) {
                for (String one : each.getValue()) {
                    link.append(separator)
                            .append(encoded(each.getKey()))
                            .append('=')
                            .append(encoded(one));
                    separator = '&';
                }
            }
        }
        return link.append(separator)
                .append(name)
                .append('=')
                .append(encoded(value))
                .toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Refuses a request that lacks a header with this value. */
    void require(String header, String value, int status) {
        if (!value.equals(header(header))) {
            throw new Refusal(status, "header " + header + " must be " + value);
        }
    }

    /** The API's refusal of a request. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
