package io.keysetsync.http;

import io.keysetsync.TerminalException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a link to the next page that a response gives (RFC 3986, 5.2). Of a link, only path and query are used, and
 * only for a request to the API's own origin, whatever host the link names.
 */
public final class NextLink {

    private static final int MAX_LENGTH = 64 << 10;

    /** Scheme, authority, path, query with its question mark; a fragment is not sent (RFC 3986, appendix B). */
    private static final Pattern PARTS =
            Pattern.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(\\?[^#]*)?(?:#.*)?", Pattern.DOTALL);

    /** Host and port; some proxies write the port twice. */
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]@: \"<>]+)(:[0-9]*)*");

    private static final Pattern ENCODED_CONTROL = Pattern.compile("%(?:[01][0-9A-Fa-f]|7[Ff])");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern NO_PATH = Pattern.compile("[ \"<>]");

    private final String scheme;
    private final @Nullable String authority;
    private final String path;
    private final @Nullable String query;

    private NextLink(Matcher parts) {
        this.scheme = parts.group(1) == null ? "" : parts.group(1).toLowerCase(Locale.ROOT);
        this.authority = parts.group(2);
        this.path = String.valueOf(parts.group(3));
        this.query = parts.group(4);
    }

    /**
     * Returns the path and query to ask for.
     *
     * @param stream for messages
     * @param requestTarget path and query of the request whose response gives the link
     * @param link absolute or relative
     * @throws TerminalException if no request can follow the link
     */
    public static String target(String stream, String requestTarget, String link) {
        String why = refusal(link);
        if (why != null) {
            throw new TerminalException("stream " + stream + ": the link to the next page, '" + masked(link) + "', "
                    + why + ", so it is not followed");
        }
        return RequestTarget.encoded(parse(link).resolvedAgainst(requestTarget));
    }

    private static NextLink parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no reference of RFC 3986"); // every text is one
        }
        return new NextLink(parts);
    }

    /** Why a link is not followed; null if it is. */
    private static @Nullable String refusal(String link) {
        if (link.length() > MAX_LENGTH) {
            return "has more than " + MAX_LENGTH + " characters";
        }
        if (link.chars().anyMatch(Character::isISOControl)) {
            return "has a line break or another control character";
        }
        if (link.indexOf('\\') >= 0) {
            return "has a backslash";
        }
        NextLink parsed = parse(link);
        return parsed.isHttp() ? parsed.refusal() : "is not an http or https URL";
    }

    private boolean isHttp() {
        return scheme.isEmpty() ? !path.startsWith(":") : scheme.matches("https?");
    }

    private @Nullable String refusal() {
        if (authority != null && authority.contains("@")) {
            return "names a user";
        }
        if (authority == null
                ? !scheme.isEmpty()
                : !AUTHORITY.matcher(authority).matches()) {
            return "is not a URL";
        }
        if (ENCODED_CONTROL.matcher(path).find()) {
            return "has an encoded line break or another control character in its path";
        }
        boolean broken = NO_PATH.matcher(path).find()
                || BROKEN_ESCAPE.matcher(path).find()
                || (query != null && BROKEN_ESCAPE.matcher(query).find());
        return broken ? "is not a URL" : null;
    }

    private String resolvedAgainst(String requestTarget) {
        String own = query == null ? "" : query;
        if (authority != null || path.startsWith("/")) {
            return withoutDots(path) + own;
        }
        int mark = requestTarget.indexOf('?');
        String base = mark < 0 ? requestTarget : requestTarget.substring(0, mark);
        if (path.isEmpty()) {
            return query == null ? requestTarget : base + query;
        }
        return withoutDots(base.substring(0, base.lastIndexOf('/') + 1) + path) + own;
    }

    /** Removes {@code .} and {@code ..} (RFC 3986, 5.2.4); a path can't climb above its beginning. */
    private static String withoutDots(String path) {
        if (!path.contains("/.")) {
            return path.isEmpty() ? "/" : path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean isUp = segments[i].equals("..");
            if (isUp && !kept.isEmpty()) {
                kept.removeLast();
            }
            if (!isUp && !segments[i].equals(".")) {
                kept.addLast(segments[i]);
            } else if (i == segments.length - 1) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }

    /** A link for a message: without user, query and fragment, which may hold secrets, and not at full length. */
    private static String masked(String link) {
        String shown = link.replaceFirst("(?s)[?#].*", "?…")
                .replaceFirst("(?s)^([^:/]*:)?([/\\\\]*)[^/\\\\]*@", "$1$2…@")
                .replaceAll("\\p{Cntrl}", " ");
        return shown.length() <= 200 ? shown : shown.substring(0, 200) + "…";
    }
}
