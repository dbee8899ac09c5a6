package io.keysetsync.paging;

import io.keysetsync.source.SourceParameters;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.net.PercentCodec;
import org.jspecify.annotations.Nullable;

/** The next thing to ask the API for. */
public sealed interface PageRequest {

    /**
     * All that changed since a cursor.
     *
     * @param cursor as the API wrote it; null or empty to send none
     */
    record Since(@Nullable String cursor) implements PageRequest {}

    /** The page that a token of the last one stands for. */
    record Continue(String token) implements PageRequest {}

    /**
     * The request's query, with names and values percent-encoded in full (RFC 3986: all but its unreserved characters),
     * so that no value can end a parameter or begin another.
     */
    default String query(SourceParameters settings) {
        StringBuilder query = new StringBuilder(settings.query());
        if (this instanceof Continue next) {
            append(query, settings.scrollParam(), next.token());
        } else if (this instanceof Since since
                && since.cursor() != null
                && !since.cursor().isEmpty()) {
            append(query, settings.cursorParam(), since.cursor());
        }
        return query.toString();
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
