package io.keysetsync.parameters;

import io.keysetsync.ConfigurationException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.util.StringHelper;

/**
 * Refuses parameters that our Kamelets don't have, and values that Camel would change. Camel itself ignores a misspelt
 * parameter.
 */
public final class UnknownParameters {

    /** Parameters that Camel itself adds to the parameters of every Kamelet. */
    private static final Set<String> CAMELS =
            Set.of("templateId", "routeId", "uuid", "location", "noErrorHandler", "bridgeErrorHandler");

    private UnknownParameters() {}

    /**
     * Checks the use of a Kamelet whose route is being created.
     *
     * @throws ConfigurationException naming the first wrong parameter, and those that are known
     */
    public static void check(CamelContext context) {
        ModelCamelContext model = (ModelCamelContext) context;
        RouteDefinition route =
                model.getRouteDefinition(context.getCamelContextExtension().getCreateRoute());
        Map<String, Object> given = route.getRouteTemplateContext().getParameters();
        Object kamelet = given.get("templateId");
        RouteTemplateDefinition template = model.getRouteTemplateDefinition(String.valueOf(kamelet));
        if (template != null) {
            String user =
                    given.containsKey("stream") ? "stream " + given.get("stream") : ParentRoute.described(context);
            check(given, template, user + ": kamelet:" + kamelet, model);
        }
    }

    private static void check(
            Map<String, Object> given, RouteTemplateDefinition template, String use, ModelCamelContext context) {
        Set<String> known = template.getTemplateParameters().stream()
                .map(RouteTemplateParameterDefinition::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : given.keySet()) {
            if (!known.contains(StringHelper.dashToCamelCase(name)) && !CAMELS.contains(name)) {
                throw new ConfigurationException(use
                        + (isWritten(name, context)
                                ? " has no parameter '" + name + "'; it has " + String.join(", ", known)
                                : " has a value with '&', which ends it; name a setting by #property:KEY instead of"
                                        + " {{KEY}}, write another value as RAW(…), and a stream's name without '&'"));
            }
        }
        given.forEach((name, value) -> {
            if (value instanceof String text && LiteralText.losesItsLastBackslash(text)) {
                throw new ConfigurationException(use + ": parameter " + name + " has a backslash as one"
                        + " of its last two characters, which Camel would drop; choose another value");
            }
        });
    }

    /** Whether a route has the parameter; if none has, it was part of a value, which may be a secret. */
    private static boolean isWritten(String name, ModelCamelContext context) {
        Pattern parameter = Pattern.compile("[?&]" + Pattern.quote(name) + "=");
        return context.getRouteDefinitions().stream().anyMatch(route -> uris(route)
                .anyMatch(uri -> parameter.matcher(uri).find()));
    }

    private static Stream<String> uris(RouteDefinition route) {
        Stream<String> ends =
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream()
                        .map(ToDefinition::getUri);
        return Stream.concat(Stream.of(route.getInput().getUri()), ends).filter(Objects::nonNull);
    }
}
