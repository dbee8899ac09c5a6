package io.keysetsync.scenario;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A request as it reached the API.
 *
 * @param number 1 for the first since the start or the last reset
 * @param target path and query as they were sent, still encoded
 * @param path the part of the target before {@code ?}
 * @param parameters the query's decoded parameters ({@code +} is a space), in their order
 * @param headers all values of each header, whose name is in lower case
 * @param body the request's body, empty when it has none
 */
public record Request(
        int number,
        String method,
        String target,
        String path,
        Map<String, List<String>> parameters,
        Map<String, List<String>> headers,
        String body) {

    static Request of(int number, RecordedRequest received) {
        String target = received.getTarget();
        int mark = target.indexOf('?');
        ByteString body = received.getBody();
        return new Request(
                number,
                received.getMethod(),
                target,
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? Map.of() : parameters(target.substring(mark + 1)),
                received.getHeaders().toMultimap(),
                body == null ? "" : body.utf8());
    }

    /** The first value of a query parameter, or null when the request lacks it. */
    public @Nullable String parameter(String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst().orElse(null);
    }

    /** The first value of a header, its name in any case, or null when the request lacks it. */
    public @Nullable String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst()
                .orElse(null);
    }

    private static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                String value = parts.length == 2 ? decode(parts[1]) : "";
                parameters
                        .computeIfAbsent(decode(parts[0]), name -> new ArrayList<>())
                        .add(value);
            }
        }
        return parameters;
    }

    /** What is not properly encoded stays as it is: the API won't know such a token or cursor. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
