package io.keysetsync.request;

import io.keysetsync.request.Placeholders.Name;
import io.keysetsync.request.Placeholders.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.net.PercentCodec;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a stream's requests, as the parameter {@code query} names them: written plainly, split at
 * {@code &} and the first {@code =}, and percent-encoded here. {@code %XX} stays as it is, and {@code +} is a plus.
 */
record QueryParameters(List<One> all) {

    private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

    /**
     * A parameter.
     *
     * @param name encoded
     * @param value encoded except for its placeholders; null if there is no {@code =}
     */
    record One(String name, @Nullable Placeholders value) {

        boolean uses(Name placeholder) {
            return value != null && value.names().contains(placeholder);
        }

        /** The parameter with its value; null if a placeholder has none. */
        @Nullable
        String written(Values values) {
            if (value == null) {
                return name;
            }
            String filled = value.filled(values, QueryParameters::encoded);
            return filled == null ? null : name + "=" + filled;
        }
    }

    /**
     * Reads the parameter {@code query}.
     *
     * @throws IllegalArgumentException naming an unknown placeholder
     */
    static QueryParameters of(RequestText query) {
        List<One> all = new ArrayList<>();
        for (String pair : query.text().split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                all.add(new One(
                        plain(parts[0]),
                        parts.length == 1 ? null : query.placeholders(parts[1]).withLiterals(QueryParameters::plain)));
            }
        }
        return new QueryParameters(List.copyOf(all));
    }

    Set<Name> uses() {
        Set<Name> uses = EnumSet.noneOf(Name.class);
        for (One each : all) {
            if (each.value() != null) {
                uses.addAll(each.value().names());
            }
        }
        return uses;
    }

    /** Percent-encodes a text in full (RFC 3986: all but its unreserved characters). */
    static String encoded(String text) {
        return PercentCodec.encode(text, StandardCharsets.UTF_8);
    }

    /** Percent-encodes what a user wrote, except for what is encoded already. */
    private static String plain(String text) {
        StringBuilder result = new StringBuilder();
        Matcher done = ENCODED.matcher(text);
        int from = 0;
        while (done.find()) {
            result.append(encoded(text.substring(from, done.start()))).append(done.group());
            from = done.end();
        }
        return result.append(encoded(text.substring(from))).toString();
    }
}
