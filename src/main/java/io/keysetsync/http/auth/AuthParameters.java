package io.keysetsync.http.auth;

import io.keysetsync.ConfigurationException;
import io.keysetsync.parameters.Parameters;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the parameters of a stream's credentials. Error messages never quote a value that may be a secret. */
public final class AuthParameters {

    /** The parameters that belong to each value of {@code auth}. */
    private static final Map<String, Set<String>> PARAMETERS = new TreeMap<>(Map.of(
            "none", Set.of(),
            "basic", Set.of("username", "password"),
            "bearer", Set.of("token"),
            "apiKey", Set.of("token", "apiKeyName", "apiKeyIn"),
            "oauth2", Set.of("clientId", "clientSecret", "tokenUrl", "scope"),
            "session", Set.of("loginUrl", "username", "password")));

    /** The defaults of parameters that have one. */
    private static final Map<String, String> DEFAULTS = Map.of("apiKeyName", "X-API-Key", "apiKeyIn", "header");

    /** The name of a header (RFC 9110, 5.1), except headers that frame or route a request. */
    private static final String HEADER =
            "(?i)(?!(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect)$)"
                    + "[!#$%&'*+.^_`|~0-9a-z-]+";

    private final Parameters parameters;

    private AuthParameters(Parameters parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads the credentials.
     *
     * @throws ConfigurationException naming the first parameter that is missing, can't be used, or belongs to another
     *     kind of authentication
     */
    public static Credentials read(Parameters parameters) {
        AuthParameters auth = new AuthParameters(parameters);
        auth.rejectUnused();
        return auth.credentials();
    }

    private void rejectUnused() {
        String auth = parameters.text("auth");
        Set<String> used = PARAMETERS.get(auth);
        if (used == null) {
            throw parameters.wrong("auth", "must be one of " + String.join(", ", PARAMETERS.keySet()));
        }
        Set<String> given = new TreeSet<>();
        PARAMETERS.values().forEach(given::addAll);
        given.removeIf(name -> parameters.text(name).equals(DEFAULTS.getOrDefault(name, "")));
        given.removeAll(used);
        for (String unused : given) {
            throw wrong(unused, "is given, but auth '" + auth + "' does not use it; remove it, or correct auth");
        }
    }

    private Credentials credentials() {
        return switch (parameters.text("auth")) {
            case "basic" -> HeaderCredentials.basic(username(), parameters.text("password"));
            case "bearer" -> HeaderCredentials.bearer(headerValue("token"));
            case "apiKey" -> apiKey();
            case "oauth2" ->
                token(new ClientCredentialsGrant(
                        endpoint("tokenUrl"), needed("clientId"), needed("clientSecret"), parameters.text("scope")));
            case "session" -> token(new SessionLogin(endpoint("loginUrl"), needed("username"), needed("password")));
            default -> new NoCredentials();
        };
    }

    private static Credentials token(TokenSource source) {
        return new TokenCredentials(source, Clock.systemUTC());
    }

    private Credentials apiKey() {
        String name = parameters.required("apiKeyName");
        String place = parameters.text("apiKeyIn");
        if (place.equals("query")) {
            return new QueryCredentials(name, needed("token"));
        }
        if (!place.equals("header")) {
            throw parameters.wrong("apiKeyIn", "must be header or query");
        }
        if (!name.matches(HEADER)) {
            throw parameters.wrong("apiKeyName", "is not the name of a header for a key");
        }
        return new HeaderCredentials(name, headerValue("token"));
    }

    /**
     * The user, which must have no colon: RFC 7617 joins user and password by one. The password may be empty: some APIs
     * take a key as the user.
     */
    private String username() {
        String username = needed("username");
        if (username.contains(":")) {
            throw wrong("username", "has a colon, which basic authentication can't send");
        }
        return username;
    }

    private String needed(String name) {
        if (parameters.text(name).isBlank()) {
            throw wrong(name, "needs a value with auth '" + parameters.text("auth") + "'");
        }
        return parameters.text(name);
    }

    /** The value of a header (RFC 9110, 5.5): visible characters of ASCII, and spaces between them. */
    private String headerValue(String name) {
        String value = needed(name);
        if (!value.matches("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?")) {
            throw wrong(
                    name,
                    "has a line break, a space at an end, or a character beyond ASCII, which a header can't send");
        }
        return value;
    }

    private URI endpoint(String name) {
        needed(name);
        URI url = parameters.url(name);
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw wrong(name, "must have neither a user nor a fragment");
        }
        return url;
    }

    private ConfigurationException wrong(String name, String what) {
        return new ConfigurationException("stream " + parameters.stream() + ": parameter " + name + " " + what);
    }
}
