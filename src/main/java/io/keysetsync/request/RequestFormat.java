package io.keysetsync.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.request.Placeholders.Name;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes a stream's requests: path and query, headers and body. */
public final class RequestFormat {

    /**
     * The parameters that say how requests are written. The fields are the source parameters of the same names.
     *
     * @param path of the URL, as the user wrote it
     * @param headers by name, in their order
     * @param body the JSON document at {@code body}; null if there is none, and requests are a {@code GET}
     * @param cursorFormat how cursors are written
     */
    public record Settings(
            String path,
            RequestText query,
            Map<String, RequestText> headers,
            @Nullable JsonNode body,
            String cursorParam,
            String scrollParam,
            SendCursor sendCursor,
            CursorFormat cursorFormat) {}

    /** With which requests of a scroll the cursor is sent. */
    public enum SendCursor {
        /** With the first. */
        FIRST,
        /** With all, but a link is asked for as it is. */
        ALWAYS_BUT_LINKS,
        /** With all; a link that lacks the parameter gets it. */
        ALWAYS
    }

    private final Settings settings;
    private final QueryParameters query;
    private final Map<String, Placeholders> headers = new LinkedHashMap<>();
    private final @Nullable JsonTemplate body;
    private final Set<Name> placed = EnumSet.noneOf(Name.class);

    /**
     * Prepares to write requests.
     *
     * @throws IllegalArgumentException naming an unknown placeholder, and where it is
     */
    public RequestFormat(Settings settings) {
        this.settings = settings;
        this.query = in("query", settings.query(), QueryParameters::of);
        settings.headers().forEach((name, value) -> headers.put(name, in("headers", value, RequestText::placeholders)));
        this.body = settings.body() == null ? null : in("body", settings.body(), JsonTemplate::new);
        placed.addAll(query.uses());
        headers.values().forEach(value -> placed.addAll(value.names()));
        if (body != null) {
            placed.addAll(body.uses());
        }
    }

    private static <T, R> R in(String parameter, T value, Function<T, R> read) {
        try {
            return read.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(parameter + " " + e.getMessage(), e);
        }
    }

    /** The method of all requests. */
    public String method() {
        return body == null ? "GET" : "POST";
    }

    /** What the user has written of which records are asked for; may have secrets. */
    public String filter() {
        StringBuilder filter = new StringBuilder(method() + '\n' + settings.path() + '\n')
                .append(settings.query().text() + '\n')
                .append(settings.cursorParam() + '\n')
                .append(settings.body());
        headers.forEach((name, value) -> {
            if (!value.names().isEmpty()) {
                filter.append('\n' + name + ": " + settings.headers().get(name).text());
            }
        });
        return filter.toString();
    }

    /** Whether the cursor is sent at all. */
    public boolean sendsCursor() {
        return placed.contains(Name.CURSOR) || !settings.cursorParam().isEmpty();
    }

    /** Whether the end of the time that is asked for is sent. */
    public boolean sendsUntil() {
        return placed.contains(Name.UNTIL);
    }

    /** Whether the token has its own place in a request, so that {@code scrollParam} is not sent. */
    public boolean placesToken() {
        return placed.contains(Name.TOKEN);
    }

    /** This format, with the cursor in other requests of a scroll. */
    public RequestFormat sending(SendCursor when) {
        return new RequestFormat(new Settings(
                settings.path(),
                settings.query(),
                settings.headers(),
                settings.body(),
                settings.cursorParam(),
                settings.scrollParam(),
                when,
                settings.cursorFormat()));
    }

    /** Whether a request is written by this format as by another one. */
    public boolean writesLike(RequestFormat other, PageRequest request) {
        return target(request).equals(other.target(request))
                && headers(request).equals(other.headers(request))
                && Objects.equals(body(request), other.body(request));
    }

    /** The parameter in which the cursor is sent, for messages. */
    public String cursorParam() {
        return placed.contains(Name.CURSOR) ? "{cursor}" : settings.cursorParam();
    }

    /** The headers that the user has set, in the words of a request. */
    public Map<String, String> headers(PageRequest request) {
        Map<String, String> written = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            String filled = value.filled(values(request), UnaryOperator.identity());
            if (filled != null) {
                written.put(name, filled);
            }
        });
        return written;
    }

    /** The body of a request; null if requests have none. */
    public @Nullable String body(PageRequest request) {
        return body == null ? null : body.filled(values(request));
    }

    /** Path and query of a request, percent-encoded, so that no value can end a parameter or begin another. */
    public String target(PageRequest request) {
        Values values = values(request);
        List<String> parameters = new ArrayList<>();
        if (request.link() != null) {
            if (settings.sendCursor() != SendCursor.ALWAYS) {
                return request.link();
            }
            query.all().stream()
                    .filter(each -> each.uses(Name.CURSOR) || each.uses(Name.UNTIL))
                    .filter(each -> !has(request.link(), each.name()))
                    .forEach(each -> add(parameters, each.written(values)));
            if (sendsCursorParam(values) && !has(request.link(), QueryParameters.encoded(settings.cursorParam()))) {
                add(parameters, settings.cursorParam(), values.of(Name.CURSOR));
            }
            return with(request.link(), parameters);
        }
        query.all().forEach(each -> add(parameters, each.written(values)));
        addOwn(parameters, values);
        return with(settings.path(), parameters);
    }

    private void addOwn(List<String> parameters, Values values) {
        if (sendsCursorParam(values)) {
            add(parameters, settings.cursorParam(), values.of(Name.CURSOR));
        }
        if (sendsScrollParam(values)) {
            add(parameters, settings.scrollParam(), values.of(Name.TOKEN));
        }
    }

    /**
     * The query of a scroll's first request for people, with its question mark; empty if there is none. A value of
     * {@code query} may be a secret, and is left out unless the cursor or the end of the time is part of it.
     */
    public String shownQuery(PageRequest request) {
        Values values = values(request);
        List<String> parameters = new ArrayList<>();
        for (QueryParameters.One each : query.all()) {
            boolean isShown = each.value() == null || each.uses(Name.CURSOR) || each.uses(Name.UNTIL);
            String written = each.written(values);
            add(parameters, isShown || written == null ? written : each.name() + "=…");
        }
        addOwn(parameters, values);
        return with("", parameters);
    }

    private static String with(String target, List<String> parameters) {
        String joined = String.join("&", parameters);
        return joined.isEmpty() ? target : target + (target.indexOf('?') < 0 ? "?" : "&") + joined;
    }

    private static boolean has(String target, String name) {
        String parameters = "&" + target.substring(target.indexOf('?') + 1) + "&";
        return target.indexOf('?') >= 0
                && (parameters.contains("&" + name + "=") || parameters.contains("&" + name + "&"));
    }

    /** One name for cursor and token: the token takes the cursor's place. */
    private boolean sendsCursorParam(Values values) {
        return !placed.contains(Name.CURSOR)
                && !settings.cursorParam().isEmpty()
                && !(settings.cursorParam().equals(settings.scrollParam()) && sendsScrollParam(values));
    }

    private boolean sendsScrollParam(Values values) {
        return !placesToken() && !settings.scrollParam().isEmpty() && values.of(Name.TOKEN) != null;
    }

    private static void add(List<String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.add(QueryParameters.encoded(name) + "=" + QueryParameters.encoded(value));
        }
    }

    private static void add(List<String> parameters, @Nullable String written) {
        if (written != null) {
            parameters.add(written);
        }
    }

    private Values values(PageRequest request) {
        boolean sendsCursor = !request.continuesScroll() || settings.sendCursor() != SendCursor.FIRST;
        return new Values(
                sendsCursor ? request.sentCursor() : null, sendsCursor ? request.until() : null, request.token());
    }

    /** The values of one request. */
    private final class Values implements JsonTemplate.Values {

        private final @Nullable String cursor;
        private final @Nullable String until;
        private final @Nullable JsonNode token;

        Values(@Nullable String cursor, @Nullable String until, @Nullable JsonNode token) {
            this.cursor = cursor;
            this.until = until;
            this.token = token;
        }

        @Override
        public @Nullable String of(Name name) {
            return switch (name) {
                case CURSOR -> cursor;
                case UNTIL -> until;
                case TOKEN -> token == null ? null : token.asText();
            };
        }

        @Override
        public JsonNode whole(Name name, String value) {
            if (name == Name.TOKEN && token != null) {
                return token;
            }
            return settings.cursorFormat().isSentAsNumber(value)
                    ? BigIntegerNode.valueOf(new BigInteger(value))
                    : TextNode.valueOf(value);
        }
    }
}
