package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * @param body the JSON document of the body; missing if there is none
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
                    body.isEmpty() ? MissingNode.getInstance() : new ObjectMapper().readTree(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
