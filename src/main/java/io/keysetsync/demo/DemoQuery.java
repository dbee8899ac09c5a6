package io.keysetsync.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * The query of one request: the two parameters that the API knows, empty if they are not given, and the names of
 * unknown parameters, or null. If a parameter is given twice, its first value counts.
 */
public record DemoQuery(String updatedSince, String scrollParam, @Nullable String unexpected) {

    private static final String UPDATED_SINCE = "updated_since";
    private static final String SCROLL_PARAM = "scroll_param";

    /** Reads the query string as it was sent; null if the request had none. */
    public static DemoQuery parse(@Header(Exchange.HTTP_RAW_QUERY) @Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query == null ? new String[0] : query.split("&")) {
            if (!parameter.isEmpty()) {
                String[] parts = parameter.split("=", 2);
                parameters.putIfAbsent(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
            }
        }
        String updatedSince = Objects.requireNonNullElse(parameters.remove(UPDATED_SINCE), "");
        String scrollParam = Objects.requireNonNullElse(parameters.remove(SCROLL_PARAM), "");
        return new DemoQuery(
                updatedSince, scrollParam, parameters.isEmpty() ? null : String.join(", ", parameters.keySet()));
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded, UTF_8);
    }
}
