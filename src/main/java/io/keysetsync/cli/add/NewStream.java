package io.keysetsync.cli.add;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.inspect.discover.Discovered;
import io.keysetsync.inspect.discover.Discovery;
import io.keysetsync.inspect.discover.Found;
import io.keysetsync.inspect.probe.ApiFindings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * A stream that was made by asking an API: what was found, checked as the command {@code check} does, and corrected by what
 * that found.
 *
 * @param findings what the API was found to be
 * @param notes what is worth knowing, or to be mended by hand
 * @param records some of the API's
 */
public record NewStream(StreamText text, List<Found> findings, List<Finding> notes, List<JsonNode> records) {

    private static final int ALL_REQUESTS = 20;

    private static final String EVERY_FIVE_MINUTES = "0 0/5 * * * ?";
    private static final String HOURLY = "0 0 * * * ?";

    /**
     * Asks an API, by at most {@value #ALL_REQUESTS} requests; writes nothing. The stream stays in the context.
     *
     * @throws ConfigurationException if a parameter can't be used, or the name is taken
     * @throws io.keysetsync.inspect.discover.UndecidedException if what the API answers does not suffice
     */
    public static NewStream of(CamelContext context, String stream, GivenParameters given) throws Exception {
        if (context.getRoute(stream) != null) {
            throw new ConfigurationException(
                    "there is a stream or route '" + stream + "' already; choose another name");
        }
        Discovered found = Discovery.of(context, stream, given.url(), given.source(), given.primaryKey());
        StreamText first = text(context, stream, given, found, found.parameters());
        ApiFindings checked = checked(context, first, ALL_REQUESTS - found.requests());
        Map<String, String> parameters = new LinkedHashMap<>(found.parameters());
        String notation = checked.parameters().get("cursorFormat");
        if (notation != null) {
            parameters.put("initialCursor", initial(notation, parameters.getOrDefault("cursorZone", "UTC")));
        }
        parameters.putAll(checked.parameters());
        parameters.putAll(given.source());
        return new NewStream(
                text(context, stream, given, found, parameters),
                found.findings(),
                checked.findings().stream()
                        .filter(finding -> finding.level() != Level.OK && !isDone(finding, checked, given))
                        .toList(),
                found.records());
    }

    /** The beginning of time in another notation than the one that was assumed first. */
    private static String initial(String notation, String zone) {
        return CursorFormat.of(CursorType.TIME, notation, ZoneId.of(zone)).initial();
    }

    /** Whether the advice of a finding is followed by the parameters that the check has set. */
    private static boolean isDone(Finding finding, ApiFindings checked, GivenParameters given) {
        return checked.parameters().entrySet().stream()
                .anyMatch(set -> finding.advice().contains("set " + set.getKey())
                        && !given.source().containsKey(set.getKey()));
    }

    /** The stream's text, with its parameters in the order in which the Kamelet has them. */
    private static StreamText text(
            CamelContext context,
            String stream,
            GivenParameters given,
            Discovered found,
            Map<String, String> parameters) {
        Map<String, String> rest = new LinkedHashMap<>(parameters);
        boolean readsAll = parameters.getOrDefault("initialCursor", "").isEmpty();
        rest.putIfAbsent("schedule", readsAll ? HOURLY : EVERY_FIVE_MINUTES);
        Map<String, String> ordered = new LinkedHashMap<>();
        ((ModelCamelContext) context)
                .getRouteTemplateDefinition("keyset-sync-source").getTemplateParameters().stream()
                        .map(RouteTemplateParameterDefinition::getName)
                        .filter(rest::containsKey)
                        .forEach(name -> ordered.put(name, rest.remove(name)));
        ordered.putAll(rest);
        return new StreamText(stream, given.url(), ordered, found.primaryKey(), found.columns());
    }

    /** Loads the stream as its files will have it, and asks what a check asks. */
    private static ApiFindings checked(CamelContext context, StreamText text, int requests) throws Exception {
        Path schema = Files.createTempFile("keyset-sync-", ".schema.json");
        try {
            Files.writeString(schema, text.schema());
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString(
                            text.stream() + ".camel.yaml",
                            text.yaml(schema.toUri().toString())));
            return ApiFindings.of(context, text.stream(), requests);
        } finally {
            Files.delete(schema);
        }
    }
}
