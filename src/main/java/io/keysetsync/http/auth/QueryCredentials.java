package io.keysetsync.http.auth;

import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.PercentCodec;

/** A key in the query. The key is not part of the URL that the flow, its errors and its log show. */
public final class QueryCredentials implements Credentials {

    private final String name;
    private final String parameter;

    public QueryCredentials(String name, String value) {
        this.name = encoded(name);
        this.parameter = this.name + "=" + encoded(value);
    }

    @Override
    public void sign(HttpRequest request) {
        String path = request.getPath();
        boolean signed = path.matches(".*[?&]\\Q" + name + "\\E=.*"); // if the API redirected with the key in place
        if (!signed) {
            request.setPath(path + (path.contains("?") ? "&" : "?") + parameter);
        }
    }

    private static String encoded(String text) {
        return PercentCodec.encode(text, StandardCharsets.UTF_8);
    }
}
