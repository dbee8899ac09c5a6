package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.SyncException;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.parameters.LiteralSetting;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.component.kamelet.FailedToCreateKameletException;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Explains an error that Camel raised at start in one line, which names the file, stream or setting at fault and says what
 * to do. The line never quotes the parameters of an endpoint, because they may hold a password.
 */
final class Startup {

    private static final Pattern UNSET = Pattern.compile("Property with key \\[?([^\\] ]+)\\]? not found");
    /** The part of an error about a placeholder that quotes the whole value, which may be a secret. */
    private static final Pattern VALUE = Pattern.compile("(?:the )?text: .*$|input: .*$", Pattern.DOTALL);

    /** The value in which Camel missed a setting. */
    private static final Pattern TEXT = Pattern.compile("not found in properties from text: (.*)", Pattern.DOTALL);

    private static final Pattern NO_KAMELET = Pattern.compile("Resource not found: .*?([^/]+)\\.kamelet\\.yaml");
    private static final Pattern NO_PARAMETER = Pattern.compile("mandatory parameters must be provided: (.+)");
    private static final Pattern TWO_ROUTES = Pattern.compile("(?:Trigger key [^ ]+?\\.|Multiple consumers for .*"
            + "(?:keyset-sync-source\\?.*\\bstream=|quartz://[^ /]+/))(.+?)(?: is already in use|[&?]|$)");

    private static final Pattern SAME_EVENTS =
            Pattern.compile("Multiple consumers for .*kamelet:/*(sync-events-source)");

    private final Throwable error;
    private final @Nullable CamelContext context;
    private final String cause;

    private Startup(Throwable error, @Nullable CamelContext context) {
        this.error = error;
        this.context = context;
        this.cause = VALUE.matcher(Errors.describe(error)).replaceFirst("a setting's value");
    }

    /** Returns the error itself if it is one of ours, else a {@link ConfigurationException} that explains it. */
    static SyncException explained(Throwable error, @Nullable CamelContext context) {
        SyncException known = Errors.known(error);
        return known == null ? new ConfigurationException(new Startup(error, context).line(), error) : known;
    }

    /** The error that a start ends with: explained, unless the database alone is to blame, which may answer later. */
    static Exception thrown(Exception error, @Nullable CamelContext context) {
        return Errors.known(error) == null && DatabaseErrors.isOne(error) ? error : explained(error, context);
    }

    private String line() {
        return Stream.<Supplier<Optional<String>>>of(
                        this::brokenYaml,
                        this::missingParameter,
                        this::missingFile,
                        () -> said(TWO_ROUTES, stream -> "stream '" + stream + "' has two routes; rename one of them"),
                        () -> said(
                                SAME_EVENTS,
                                kamelet -> "two routes are from kamelet:" + kamelet + " with the same"
                                        + " parameters; write a name behind one of them, as in kamelet:" + kamelet
                                        + "/second"),
                        () -> bracesInASetting().map(this::ofRoute),
                        () -> said(UNSET, Startup::unset).map(this::ofRoute),
                        () -> said(NO_KAMELET, Startup::unknownKamelet).map(this::ofRoute),
                        () -> caused(NoSuchEndpointException.class, Startup::unknownComponent)
                                .map(this::ofRoute),
                        () -> caused(ClassNotFoundException.class, Startup::unknownClass))
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> ofRoute("the routes can't start: " + URISupport.sanitizeUri(cause)));
    }

    private <T extends Throwable> Optional<String> caused(Class<T> type, Function<T, String> explanation) {
        return Optional.ofNullable(Errors.innermost(type, error)).map(explanation);
    }

    private Optional<String> said(Pattern message, Function<String, String> explanation) {
        Matcher matcher = message.matcher(cause);
        return matcher.find() ? Optional.of(explanation.apply(matcher.group(1))) : Optional.empty();
    }

    private String ofRoute(String what) {
        return caused(FailedToCreateRouteException.class, FailedToCreateRouteException::getRouteId)
                .map(route -> "route '" + route + "': " + what)
                .orElse(what);
    }

    /** The file and line at which a YAML file can no longer be parsed, and what was expected there. */
    private Optional<String> brokenYaml() {
        return caused(
                MarkedYamlEngineException.class,
                yaml -> yaml.getProblemMark()
                                .or(yaml::getContextMark)
                                .map(Startup::place)
                                .orElse("a file in routes/")
                        + ": " + (yaml.getContext() == null ? "" : yaml.getContext() + ": ")
                        + Errors.oneLine(yaml.getProblem()) + "; check the spelling and the indentation there");
    }

    private static String place(Mark mark) {
        return mark.getName().replaceFirst("^file:", "") + ", line " + (mark.getLine() + 1);
    }

    private Optional<String> missingParameter() {
        FailedToCreateKameletException failed = Errors.innermost(FailedToCreateKameletException.class, error);
        return failed == null
                ? Optional.empty()
                : said(
                        NO_PARAMETER,
                        parameter -> streamsWithout(parameter, failed.getTemplateId()) + "kamelet:"
                                + failed.getTemplateId() + " needs the parameter '" + parameter
                                + "'; add it to the stream's file in routes/");
    }

    /** Names a stream whose Kamelet lacks the parameter; Camel's error names only the Kamelet. */
    private String streamsWithout(String parameter, String kamelet) {
        return context == null
                ? ""
                : context.getEndpoints().stream()
                        .filter(KameletEndpoint.class::isInstance)
                        .map(KameletEndpoint.class::cast)
                        .filter(endpoint -> endpoint.getTemplateId().equals(kamelet))
                        .map(KameletEndpoint::getKameletProperties)
                        .filter(given -> !given.containsKey(parameter) && given.containsKey("stream"))
                        .map(given -> "stream " + given.get("stream") + ": ")
                        .limit(1)
                        .collect(Collectors.joining());
    }

    private Optional<String> missingFile() {
        return caused(
                NoSuchFileException.class,
                missing -> "there is no '" + missing.getFile() + "' in "
                        + Path.of("").toAbsolutePath()
                        + "; put it back, or correct camel.main.routes-include-pattern");
    }

    /** Says which setting's value has double braces, and not what they hold: the value may be a secret. */
    private Optional<String> bracesInASetting() {
        return Errors.causes(error)
                .map(cause -> TEXT.matcher(Objects.toString(cause.getMessage(), "")))
                .filter(Matcher::find)
                .map(text -> text.group(1))
                .flatMap(this::settingsOf)
                .map(setting -> "the setting '" + setting + "' has double braces, in which Camel looks for another"
                        + " setting, and finds none; correct the value, or if it is a secret, name the setting by"
                        + " #property:" + setting + " in the route")
                .findFirst();
    }

    private Stream<String> settingsOf(String value) {
        if (context == null) {
            return Stream.empty();
        }
        Properties settings = context.getPropertiesComponent().loadProperties();
        return Stream.concat(
                settings.stringPropertyNames().stream()
                        .filter(name -> value.equals(settings.getProperty(name)))
                        .sorted(),
                System.getenv().entrySet().stream()
                        .filter(variable -> value.equals(variable.getValue()))
                        .map(Map.Entry::getKey)
                        .sorted());
    }

    private static String unset(String setting) {
        return LiteralSetting.missing(setting);
    }

    private static String unknownKamelet(String name) {
        return "there is no Kamelet '" + name + "' in routes/ or lib/; correct the name after kamelet:";
    }

    private static String unknownComponent(NoSuchEndpointException error) {
        String uri = error.getUri().replaceAll("\\?.*", "").replace("://", ":");
        return "there is no component for '" + uri + "'; correct the uri, or put the component's jar into lib/";
    }

    private static String unknownClass(ClassNotFoundException error) {
        return "there is no class '" + error.getMessage() + "'; correct the name, or put the class's jar into lib/";
    }
}
