package io.keysetsync.console;

import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those requests through that the program's owner can have made. A page of another origin can make a browser send
 * requests here, also under another name that leads to this address (DNS rebinding); other users of the machine can
 * reach the port as well.
 */
final class Guard implements Handler<RoutingContext> {

    private static final int SEE_OTHER = 303;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final String OPEN_THE_LINK = "open the link that 'keyset-sync console' prints";

    private final ConsoleSettings settings;
    private final @Nullable String token;
    private final String cookieName;

    /**
     * A guard of one port.
     *
     * @param token null if there is none, so that without a password nobody can come in
     */
    Guard(ConsoleSettings settings, int port, @Nullable String token) {
        this.settings = settings;
        this.token = token;
        this.cookieName = "keyset-sync-" + port; // cookies belong to a host, whatever the port (RFC 6265, 8.5)
    }

    @Override
    public void handle(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        String path = exchange.normalizedPath();
        protect(exchange.response());
        if (path.equals("/observe/health") || path.startsWith("/observe/health/")) {
            exchange.next();
        } else if (!isForThisHost(request)) {
            refuse(exchange, FORBIDDEN, hostRefusal());
        } else if (!READING.contains(request.method()) && !isFromOwnPage(request)) {
            refuse(
                    exchange,
                    FORBIDDEN,
                    "a request that changes something needs the header 'X-Requested-With: keyset-sync', and must not"
                            + " come from a page of another origin");
        } else if (path.equals("/") && request.getParam("token") != null && !settings.hasPassword()) {
            trade(exchange, String.valueOf(request.getParam("token")));
        } else if (isAllowed(request, path)) {
            exchange.next();
        } else {
            unauthorized(exchange, path);
        }
    }

    /** What browsers should not do with an answer: keep, frame or sniff it, or load anything from elsewhere. */
    private static void protect(HttpServerResponse response) {
        response.putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Type", "application/json");
    }

    private boolean isForThisHost(HttpServerRequest request) {
        String host = hostOf(request);
        return settings.isLoopback()
                ? ConsoleSettings.isLoopback(host)
                : settings.hosts().isEmpty() || settings.hosts().contains(host);
    }

    private String hostRefusal() {
        return "the console does not serve the host name of this request; "
                + (settings.isLoopback()
                        ? "ask for 127.0.0.1 or localhost"
                        : "use a name of sync.console.hosts, or add this one to it");
    }

    /** The name that the request asks for, without the port and an address's brackets; empty if there is none. */
    private static String hostOf(HttpServerRequest request) {
        return request.authority() == null
                ? ""
                : request.authority().host().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    }

    /** A page of another origin can't set the header without asking first, and that question is refused. */
    private static boolean isFromOwnPage(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return "keyset-sync".equals(request.getHeader("X-Requested-With"))
                && (origin == null
                        || origin.replaceFirst("^https?://", "").equalsIgnoreCase(request.getHeader("Host")));
    }

    private boolean isAllowed(HttpServerRequest request, String path) {
        if (settings.hasPassword()) {
            return isSame(settings.password(), password(request));
        }
        if (path.startsWith("/observe/")) {
            return settings.isLoopback();
        }
        Cookie cookie = request.getCookie(cookieName);
        return isToken(cookie == null ? null : cookie.getValue()) || isToken(after("Bearer ", request));
    }

    private boolean isToken(@Nullable String given) {
        return token != null && isSame(token, given);
    }

    /** Compares in a time that does not depend on how much of the text is right. */
    private static boolean isSame(String secret, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** The password of HTTP's basic authentication (RFC 7617), of any user. */
    private static @Nullable String password(HttpServerRequest request) {
        String basic = after("Basic ", request);
        if (basic == null) {
            return null;
        }
        try {
            String both = new String(Base64.getDecoder().decode(basic.strip()), StandardCharsets.UTF_8);
            return both.substring(both.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String after(String scheme, HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, scheme, 0, scheme.length())
                ? header.substring(scheme.length())
                : null;
    }

    /** Takes the token of a link for a cookie, so that the token leaves the address bar. */
    private void trade(RoutingContext exchange, String given) {
        if (!isToken(given)) {
            unauthorized(exchange, "/");
            return;
        }
        exchange.response()
                .addCookie(Cookie.cookie(cookieName, given)
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.STRICT))
                .setStatusCode(SEE_OTHER)
                .putHeader("Location", "/")
                .end();
    }

    private void unauthorized(RoutingContext exchange, String path) {
        if (settings.hasPassword()) {
            exchange.response().putHeader("WWW-Authenticate", "Basic realm=\"keyset-sync\", charset=\"UTF-8\"");
            refuse(exchange, UNAUTHORIZED, "the password is missing or wrong; it is that of sync.console.password");
        } else if (token == null) {
            refuse(exchange, FORBIDDEN, "the console is shut, because its token could not be written; see the log");
        } else if (path.equals("/")) {
            askForLink(exchange);
        } else {
            exchange.response().putHeader("WWW-Authenticate", "Bearer realm=\"keyset-sync\"");
            refuse(exchange, UNAUTHORIZED, "the token is missing or old; " + OPEN_THE_LINK);
        }
    }

    /**
     * Answers a person. If another site, such as a mail or a local file, has the link, then the browser withholds the cookie
     * from the page that the link leads to, until this origin itself asks for it (RFC 6265bis, "SameSite").
     */
    private static void askForLink(RoutingContext exchange) {
        boolean isFromElsewhere = "cross-site".equals(exchange.request().getHeader("Sec-Fetch-Site"));
        exchange.response()
                .setStatusCode(UNAUTHORIZED)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .end("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                        + (isFromElsewhere ? "<meta http-equiv=\"refresh\" content=\"0;url=/\">" : "")
                        + "<title>keyset-sync</title><h1>keyset-sync</h1><p>To see the console, " + OPEN_THE_LINK
                        + ".</p></html>");
    }

    private static void refuse(RoutingContext exchange, int status, String why) {
        exchange.response().setStatusCode(status).end(ConsoleError.json(why));
    }
}
