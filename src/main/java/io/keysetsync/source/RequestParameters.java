package io.keysetsync.source;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.paging.PageJson;
import io.keysetsync.paging.PagingKind;
import io.keysetsync.parameters.LiteralSetting;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.parameters.SettingReference;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.request.RequestFormat.SendCursor;
import io.keysetsync.request.RequestText;
import io.keysetsync.request.RequestText.Braces;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** Reads the parameters about requests: URL, query, headers, body, and where cursor and token go. */
final class RequestParameters {

    /** The names of the sample API's parameters, which can't be sent together. */
    private static final String CURSOR_PARAM = "updated_since";

    private static final String SCROLL_PARAM = "scroll_param";

    /** Headers that belong to the connection or to the body's length and encoding (RFC 9110, RFC 9112). */
    private static final Set<String> NOT_THE_USERS = Set.of(
            "host",
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "accept-encoding",
            "te",
            "trailer",
            "connection",
            "keep-alive",
            "proxy-connection",
            "upgrade",
            "expect");

    private static final Pattern LINE_BREAK = Pattern.compile("\\R|%0[Aa]");

    private final Parameters parameters;
    private final CamelContext context;

    RequestParameters(Parameters parameters, CamelContext context) {
        this.parameters = parameters;
        this.context = context;
    }

    URI url() {
        URI url = parameters.url("url");
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new ConfigurationException("stream " + parameters.stream()
                    + ": parameter url must have neither a query, a fragment nor a user;"
                    + " query parameters go into the parameter 'query'");
        }
        return url;
    }

    RequestFormat format(URI url, PagingKind paging, CursorFormat cursor) {
        String path = url.getRawPath();
        RequestFormat format = format(new RequestFormat.Settings(
                path == null || path.isEmpty() ? "/" : path,
                new RequestText(parameters.text("query"), braces("query")),
                headers(),
                body(),
                parameters.text("cursorParam"),
                paging.followsLinks() ? "" : parameters.text("scrollParam"),
                SendCursor.ALWAYS,
                cursor));
        return format.sending(sendCursor(paging, format));
    }

    private RequestFormat format(RequestFormat.Settings settings) {
        try {
            return new RequestFormat(settings);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("stream " + parameters.stream() + ": parameter " + e.getMessage(), e);
        }
    }

    private SendCursor sendCursor(PagingKind paging, RequestFormat format) {
        return switch (parameters.text("sendCursor")) {
            case "first" -> SendCursor.FIRST;
            case "always" -> SendCursor.ALWAYS;
            case "auto" -> {
                boolean isLikeTheSample = paging == PagingKind.SCROLL
                        && format.cursorParam().equals(CURSOR_PARAM)
                        && parameters.text("scrollParam").equals(SCROLL_PARAM);
                yield isLikeTheSample ? SendCursor.FIRST : SendCursor.ALWAYS_BUT_LINKS;
            }
            default -> throw parameters.wrong("sendCursor", "must be one of auto, first, always");
        };
    }

    /** A setting may hold a secret, whose braces mean nothing. */
    private Braces braces(String parameter) {
        return parameters.isSetting(parameter) ? Braces.PLACEHOLDER_IF_KNOWN : Braces.PLACEHOLDER;
    }

    private Map<String, RequestText> headers() {
        Map<String, RequestText> headers = new LinkedHashMap<>();
        for (String line : lines(parameters.text("headers")).toList()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon).strip();
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                throw wrongHeader("needs one 'Name: value' a line");
            }
            RequestText value = headerValue(line.substring(colon + 1).strip());
            if (value.text().chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
                throw wrongHeader("has a line break or another control character in the value of " + name);
            }
            check(name);
            if (headers.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
                throw wrongHeader("names " + name + " twice");
            }
            headers.put(name, value);
        }
        return headers;
    }

    /** The lines of {@code headers}, without empty ones; {@code %0A} is a line break, too. */
    static Stream<String> lines(String headers) {
        return LINE_BREAK.splitAsStream(headers).filter(line -> !line.isBlank());
    }

    private void check(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (NOT_THE_USERS.contains(lower)) {
            throw wrongHeader("can't set " + name + ", which belongs to the connection");
        }
        if (lower.equals("authorization") && !parameters.text("auth").equals("none")) {
            throw wrongHeader("can't set Authorization beside auth '" + parameters.text("auth") + "'");
        }
    }

    /** The message shows no value: each may be a secret. */
    private ConfigurationException wrongHeader(String what) {
        return new ConfigurationException("stream " + parameters.stream() + ": parameter headers " + what);
    }

    private RequestText headerValue(String written) {
        String key = parameters.isSetting("headers") ? null : SettingReference.key(written);
        if (key == null) {
            return new RequestText(written, braces("headers"));
        }
        try {
            return new RequestText(LiteralSetting.read(context, key), Braces.TEXT);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(
                    "stream " + parameters.stream() + ": parameter headers: " + e.getMessage(), e);
        }
    }

    private @Nullable JsonNode body() {
        String resource = parameters.text("body");
        if (resource.isEmpty()) {
            return null;
        }
        try (InputStream stream = ResourceHelper.resolveMandatoryResourceAsInputStream(context, resource)) {
            JsonNode body = new PageJson().readTree(stream);
            if (body.isContainerNode()) {
                return body;
            }
        } catch (JacksonException e) {
            throw parameters.wrong("body", "is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw parameters.wrong("body", "can't be read; name a file as in file:routes/orders.request.json");
        }
        throw parameters.wrong("body", "must hold a JSON object or array");
    }
}
