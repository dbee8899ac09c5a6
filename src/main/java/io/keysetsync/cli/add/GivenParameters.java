package io.keysetsync.cli.add;

import io.keysetsync.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the user has given for a new stream: the URL without its query, the source's parameters, and the key. Nothing of it
 * is a secret, because it goes into a file that people share.
 */
public record GivenParameters(String url, Map<String, String> source, List<String> primaryKey) {

    /** The name that stands for the schema's member. */
    private static final String PRIMARY_KEY = "primary_key";

    /** The parameters that are nothing but a secret. */
    private static final Set<String> SECRETS = Set.of("password", "token", "clientSecret", "refreshToken", "tokenForm");

    private static final Pattern REFERENCE = Pattern.compile("#property:.+|\\{\\{.+}}");
    private static final Pattern SETTING = Pattern.compile("#property:([\\w.-]+)");
    private static final Pattern SECRET_NAME = Pattern.compile(
            ".*(api[-_]?key|access[-_]?key|secret|token|passw|auth|signature|cookie|session|credential).*|key|sig|pwd",
            Pattern.CASE_INSENSITIVE);

    /** A value with a placeholder is no secret, even if the parameter is called a token. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(cursor|until|token)}");

    /**
     * Reads what the user has given.
     *
     * @param parameters by name
     * @throws ConfigurationException if a value is a secret, or the URL can't be read
     */
    public static GivenParameters of(String stream, String url, Map<String, String> parameters) {
        Map<String, String> source = new LinkedHashMap<>(parameters);
        String key = source.remove(PRIMARY_KEY);
        for (String fixed : List.of("stream", "url")) {
            if (source.containsKey(fixed)) {
                throw new ConfigurationException("-p " + fixed + " can't be given: it is the command's own "
                        + (fixed.equals("url") ? "second" : "first") + " word");
            }
        }
        source.forEach((name, value) -> refuseSecret(stream, name, value));
        URI uri = uri(stream, url);
        String query = Stream.of(uri.getRawQuery(), source.get("query"))
                .filter(part -> part != null && !part.isEmpty())
                .reduce((a, b) -> a + "&" + b)
                .orElse("");
        if (!query.isEmpty()) {
            refuseSecretsInQuery(stream, query);
            source.put("query", query);
        }
        return new GivenParameters(
                url.replaceFirst("[?#].*", ""),
                source,
                key == null
                        ? List.of()
                        : Arrays.stream(key.split(",", -1)).map(String::strip).toList());
    }

    /** The settings that the parameters name. */
    public List<String> settings() {
        return source.values().stream()
                .flatMap(value -> SETTING.matcher(value).results())
                .map(setting -> setting.group(1))
                .distinct()
                .toList();
    }

    private static URI uri(String stream, String url) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("(?i)https?")) {
                throw new ConfigurationException("'" + url.replaceAll("[?@].*", "…")
                        + "' is not the URL of an API; it begins with http:// or https://");
            }
            if (uri.getRawUserInfo() != null) {
                throw new ConfigurationException(
                        "the URL has a user; give it as -p auth=basic -p username=… -p 'password="
                                + property(stream, "password") + "'");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new ConfigurationException(
                    "the URL can't be read: " + e.getReason() + "; put it in quotes, and encode blanks as %20", e);
        }
    }

    private static void refuseSecret(String stream, String name, String value) {
        if (SECRETS.contains(name) && !REFERENCE.matcher(value).matches()) {
            throw new ConfigurationException(
                    "-p " + name + " has a secret, which would be readable in the stream's file;"
                            + " give -p '" + name + "=" + property(stream, name) + "' -D" + setting(stream, name) + "=…"
                            + ", and later the same setting by the environment variable "
                            + variable(stream, name));
        }
        if (name.equals("headers")) {
            value.lines()
                    .map(line -> line.split(":", 2))
                    .filter(header -> header.length == 2
                            && SECRET_NAME.matcher(header[0].strip()).matches()
                            && !REFERENCE.matcher(header[1].strip()).matches())
                    .findFirst()
                    .ifPresent(header -> {
                        throw new ConfigurationException("-p headers has a secret in " + header[0].strip()
                                + ", which would be readable in the stream's file; give -p 'headers="
                                + header[0].strip()
                                + ": " + property(stream, "key") + "' -D" + setting(stream, "key") + "=…");
                    });
        }
    }

    private static void refuseSecretsInQuery(String stream, String query) {
        for (String pair : query.replaceFirst("^RAW[({](.*)[)}]$", "$1").split("&", -1)) {
            String[] parts = pair.split("=", 2);
            Matcher secret = SECRET_NAME.matcher(parts[0]);
            if (parts.length == 2
                    && secret.matches()
                    && !parts[1].isEmpty()
                    && !REFERENCE.matcher(parts[1]).matches()
                    && !PLACEHOLDER.matcher(parts[1]).find()) {
                throw new ConfigurationException("the query has a secret in " + parts[0]
                        + ", which would be readable in the stream's file; give -p auth=apiKey -p apiKeyIn=query"
                        + " -p apiKeyName=" + parts[0] + " -p 'token=" + property(stream, "token") + "' -D"
                        + setting(stream, "token") + "=…");
            }
        }
    }

    private static String property(String stream, String name) {
        return "#property:" + setting(stream, name);
    }

    private static String setting(String stream, String name) {
        return "sync." + stream + "." + name;
    }

    private static String variable(String stream, String name) {
        return setting(stream, name).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
