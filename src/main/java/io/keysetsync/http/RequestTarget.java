package io.keysetsync.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The path and query of a request, as they are sent: byte for byte what the user or the API wrote. */
public final class RequestTarget {

    /** What may stand in a path as it is, besides letters, digits and escapes (RFC 3986, 3.3). */
    private static final String PATH = "-._~!$&'()*+,;=:@/";

    /** What may stand in a query as it is; RFC 3986 has no brackets there, but many APIs do, and take no others. */
    private static final String QUERY = PATH + "?[]";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private RequestTarget() {}

    /** The target of a request for a URL with a query, which may be empty. */
    public static String of(URI url, String query) {
        return encoded(path(url) + (query.isEmpty() ? "" : "?" + query));
    }

    private static String path(URI url) {
        return url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    }

    /** Percent-encodes what no request may have as it is, such as a blank or an umlaut, and nothing else. */
    public static String encoded(String target) {
        int mark = target.indexOf('?');
        StringBuilder encoded = new StringBuilder(target.length());
        int length;
        for (int i = 0; i < target.length(); i += length) {
            int character = target.codePointAt(i);
            length = Character.charCount(character);
            if (isEscape(target, i) || isLegal(character, mark >= 0 && i >= mark ? QUERY : PATH)) {
                encoded.appendCodePoint(character);
            } else {
                for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('%').append(HEX.toHexDigits(each));
                }
            }
        }
        return encoded.toString();
    }

    private static boolean isLegal(int character, String others) {
        return (character < 0x80 && Character.isLetterOrDigit(character)) || others.indexOf(character) >= 0;
    }

    /** Whether a percent-encoded byte begins at an index. */
    static boolean isEscape(String text, int index) {
        return text.charAt(index) == '%'
                && index + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(index + 1))
                && HexFormat.isHexDigit(text.charAt(index + 2));
    }
}
