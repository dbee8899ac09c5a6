package io.keysetsync.http;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port of a URL (RFC 6454): what a request must not leave. */
public record UrlOrigin(String scheme, String host, int port) {

    static UrlOrigin of(URI url) {
        String scheme = lower(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
        return new UrlOrigin(scheme, lower(url.getHost()), port);
    }

    /** Whether a URL has this origin, and names no user. */
    boolean contains(URI url) {
        return url.getRawUserInfo() == null && of(url).equals(this);
    }

    /** A URL for a message: without its query, which may hold a secret. */
    static String shown(URI url) {
        String authority = url.getHost() == null ? "" : url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        return url.getScheme() + "://" + authority + (url.getRawPath() == null ? "" : url.getRawPath());
    }

    private static String lower(String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
