package io.keysetsync.http.auth;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.record.FieldPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.util.URISupport;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.net.PercentCodec;

/** Reads the parameters of a stream's credentials. Error messages never quote a value that may be a secret. */
public final class AuthParameters {

    /** The parameters that belong to each value of {@code auth}. */
    private static final Map<String, Set<String>> PARAMETERS = new TreeMap<>(Map.of(
            "none", Set.of(),
            "basic", Set.of("username", "password"),
            "bearer", Set.of("token"),
            "apiKey", Set.of("token", "apiKeyName", "apiKeyIn"),
            "oauth2", Set.of("clientId", "clientSecret", "tokenUrl", "scope", "refreshToken", "tokenForm"),
            "session", Set.of("loginUrl", "username", "password", "loginBody", "tokenField", "tokenScheme")));

    /** The defaults of parameters that have one. */
    private static final Map<String, String> DEFAULTS =
            Map.of("apiKeyName", "X-API-Key", "apiKeyIn", "header", "tokenField", "token", "tokenScheme", "Token");

    /** Parameters with values that Camel has to mask in URIs, besides those whose names it knows. */
    private static final String SECRETS = "refreshToken,tokenForm,headers";

    /** An authentication scheme (RFC 9110, 11.1), or none. */
    private static final String SCHEME = "[!#$%&'*+.^_`|~0-9A-Za-z-]*";

    /** The name of a header (RFC 9110, 5.1), except headers that frame or route a request. */
    private static final String HEADER =
            "(?i)(?!(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect)$)"
                    + "[!#$%&'*+.^_`|~0-9a-z-]+";

    static {
        try {
            URISupport.addSanitizeKeywords(SECRETS);
        } catch (NoSuchMethodError ignored) {
            // Camel 4.14 masks the names that it knows, and takes no further ones
        }
    }

    private final Parameters parameters;
    private final CamelContext context;

    private AuthParameters(Parameters parameters, CamelContext context) {
        this.parameters = parameters;
        this.context = context;
    }

    /**
     * Reads the credentials.
     *
     * @param context finds the resource that {@code loginBody} names
     * @throws ConfigurationException naming the first parameter that is missing, can't be used, or belongs to another
     *     kind of authentication
     */
    public static Credentials read(Parameters parameters, CamelContext context) {
        AuthParameters auth = new AuthParameters(parameters, context);
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
            case "oauth2" -> token(grant());
            case "session" -> token(login());
            default -> new NoCredentials();
        };
    }

    private static Credentials token(TokenSource source) {
        return new TokenCredentials(source, Clock.systemUTC());
    }

    private TokenGrant grant() {
        URI tokenUrl = endpoint("tokenUrl");
        List<NameValuePair> form = tokenForm();
        String refreshToken = parameters.text("refreshToken");
        refuseTwice(form, "scope", "scope");
        refuseTwice(form, "refresh_token", "refreshToken");
        boolean needsSecret = refreshToken.isBlank() && !has(form, "client_secret");
        return new TokenGrant(
                tokenUrl,
                has(form, "client_id") ? parameters.text("clientId") : needed("clientId"),
                needsSecret ? needed("clientSecret") : parameters.text("clientSecret"),
                parameters.text("scope"),
                refreshToken,
                form);
    }

    /** The fields {@code a=b&c=d}; {@code %XX} is a byte of UTF-8, a plus is a plus. */
    private List<NameValuePair> tokenForm() {
        List<NameValuePair> form = new ArrayList<>();
        for (String field : parameters.text("tokenForm").split("&", -1)) {
            int sign = field.indexOf('=');
            if (sign > 0) {
                form.add(new BasicNameValuePair(decoded(field.substring(0, sign)), decoded(field.substring(sign + 1))));
            } else if (!field.isBlank()) {
                throw wrong("tokenForm", "must be fields such as audience=orders&resource=x");
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return PercentCodec.decode(text, StandardCharsets.UTF_8);
    }

    private static boolean has(List<NameValuePair> form, String field) {
        return form.stream().anyMatch(each -> each.getName().equals(field));
    }

    private void refuseTwice(List<NameValuePair> form, String field, String parameter) {
        if (has(form, field) && !parameters.text(parameter).isBlank()) {
            throw wrong("tokenForm", "has " + field + ", which the parameter " + parameter + " gives, too; keep one");
        }
    }

    private SessionLogin login() {
        URI loginUrl = endpoint("loginUrl");
        LoginBody body = loginBody();
        Map<String, String> values = new TreeMap<>();
        for (String name : List.of("username", "password")) {
            if (body.has(name)) {
                values.put(name, needed(name));
            } else if (!parameters.text(name).isEmpty()) {
                throw wrong(name, "is given, but loginBody has no {" + name + "}; remove one, or add the other");
            }
        }
        String scheme = parameters.text("tokenScheme");
        if (!scheme.matches(SCHEME)) {
            throw parameters.wrong("tokenScheme", "must be a word such as Token or Bearer, or empty");
        }
        return new SessionLogin(loginUrl, body.filled(values), tokenField(), scheme);
    }

    private LoginBody loginBody() {
        String resource = parameters.text("loginBody");
        try {
            return resource.isBlank() ? LoginBody.USUAL : LoginBody.read(context, resource);
        } catch (FileNotFoundException e) {
            throw parameters.wrong("loginBody", "names a resource that does not exist");
        } catch (IOException e) {
            throw parameters.wrong("loginBody", "can't be read: " + Errors.message(e));
        }
    }

    private FieldPath tokenField() {
        try {
            return FieldPath.of(parameters.required("tokenField"));
        } catch (IllegalArgumentException e) {
            throw parameters.wrong("tokenField", "is not a path: " + e.getMessage());
        }
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
