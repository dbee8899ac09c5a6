package io.keysetsync.http.auth;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.PercentCodec;

/** A key in the query. The key is not part of the URL that the flow, its errors and its log show. */
public final class QueryCredentials implements Credentials {

    private final String name;
    private final String parameter;

    public QueryCredentials(String name, String value) {
        this.name = name;
        this.parameter = encoded(name) + "=" + encoded(value);
    }

    @Override
    public void sign(HttpRequest request) {
        String target = request.getPath();
        int mark = target.indexOf('?');
        if (mark < 0) {
            request.setPath(target + "?" + parameter);
        } else if (!hasKey(target.substring(mark + 1))) { // an API's link or redirect may have the key in place
            request.setPath(target + (target.endsWith("?") ? "" : "&") + parameter);
        }
    }

    private boolean hasKey(String query) {
        return Stream.of(query.split("&", -1))
                .map(pair -> PercentCodec.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8))
                .anyMatch(name::equals);
    }

    private static String encoded(String text) {
        return PercentCodec.encode(text, StandardCharsets.UTF_8);
    }
}
