package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.util.StringHelper;

/** Refuses parameters that a Kamelet of ours doesn't have; Camel itself would pass over a misspelt one in silence. */
public final class KameletParameters {

    private static final Set<String> OURS = Set.of("keyset-sync-source", "jdbc-upsert-sink");
    /** What Camel itself adds to the parameters of every Kamelet. */
    private static final Set<String> CAMELS =
            Set.of("templateId", "routeId", "uuid", "location", "noErrorHandler", "bridgeErrorHandler");

    private KameletParameters() {}

    /**
     * Checks all uses of our Kamelets in a context.
     *
     * @throws ConfigurationException naming the first unknown parameter and those that are known
     */
    public static void check(CamelContext context) {
        context.getEndpoints().stream()
                .filter(KameletEndpoint.class::isInstance)
                .map(KameletEndpoint.class::cast)
                .filter(endpoint -> OURS.contains(endpoint.getTemplateId()))
                .forEach(endpoint -> check((ModelCamelContext) context, endpoint));
    }

    private static void check(ModelCamelContext context, KameletEndpoint endpoint) {
        RouteTemplateDefinition template = context.getRouteTemplateDefinition(endpoint.getTemplateId());
        if (template == null) {
            return;
        }
        Set<String> known = template.getTemplateParameters().stream()
                .map(RouteTemplateParameterDefinition::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : endpoint.getKameletProperties().keySet()) {
            if (!known.contains(StringHelper.dashToCamelCase(name)) && !CAMELS.contains(name)) {
                throw new ConfigurationException(
                        "stream " + endpoint.getKameletProperties().get("stream") + ": kamelet:"
                                + endpoint.getTemplateId() + " has no parameter '" + name + "'; it has "
                                + String.join(", ", known));
            }
        }
    }
}
