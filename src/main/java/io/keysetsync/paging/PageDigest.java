package io.keysetsync.paging;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Hashes a page's records, so that a page that comes again is recognised. {@link JsonNode#hashCode} adds up the hashes of
 * an object's members, which is the same for many pairs of similar records, such as {@code {"id":1,"at":2}} and
 * {@code {"id":2,"at":1}}.
 */
final class PageDigest {

    private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

    private PageDigest() {}

    /** The digest of a page, continued with one more value. */
    static long plus(long digest, JsonNode value) {
        long next = plus(digest, value.getNodeType().name().hashCode());
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                next = plus(plus(next, member.getKey().hashCode()), member.getValue()); // a name has its hash already
            }
            return plus(next, value.size());
        }
        if (value.isArray()) {
            for (JsonNode element : value) {
                next = plus(next, element);
            }
            return plus(next, value.size());
        }
        return value.isIntegralNumber() && value.canConvertToLong()
                ? plus(next, value.longValue())
                : plus(next, value.asText());
    }

    private static long plus(long digest, String text) {
        long next = plus(digest, text.length());
        for (int i = 0; i < text.length(); i++) {
            next = (next ^ text.charAt(i)) * FACTOR;
        }
        return next;
    }

    private static long plus(long digest, long number) {
        long next = (digest ^ number) * FACTOR;
        return next ^ (next >>> 32);
    }
}
