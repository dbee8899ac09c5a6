package io.keysetsync.paging;

import io.keysetsync.paging.PageRequest.Continue;
import io.keysetsync.paging.PageRequest.Since;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.net.PercentCodec;

/**
 * Writes the queries of a stream's requests. The fields are the source parameters of the same names.
 *
 * @param query the constant part of every request's query, already encoded
 */
public record RequestFormat(String query, String cursorParam, String scrollParam) {

    /**
     * Writes a request's query, with names and values percent-encoded in full (RFC 3986: all but its unreserved
     * characters), so that no value can end a parameter or begin another.
     */
    public String query(PageRequest request) {
        StringBuilder text = new StringBuilder(query);
        if (request instanceof Continue next) {
            append(text, scrollParam, next.token());
        } else if (request instanceof Since since
                && since.cursor() != null
                && !since.cursor().isEmpty()) {
            append(text, cursorParam, since.cursor());
        }
        return text.toString();
    }

    private static void append(StringBuilder query, String name, String value) {
        if (!query.isEmpty()) {
            query.append('&');
        }
        query.append(encoded(name)).append('=').append(encoded(value));
    }

    private static String encoded(String text) {
        return PercentCodec.encode(text, StandardCharsets.UTF_8);
    }
}
