package io.keysetsync.parameters;

import io.keysetsync.ConfigurationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.support.PropertyBindingSupport;

/** The parameters of the Kamelet whose route is being created, so that its template need not repeat each of them. */
public final class TemplateParameters {

    private TemplateParameters() {}

    /**
     * Reads the values of all parameters that the Kamelet defines, with defaults, and with {@code RAW(…)} resolved as in a
     * bean's properties. What {@code #property:KEY} names is read {@linkplain LiteralSetting as it is}.
     *
     * @throws IllegalStateException if no route of a Kamelet is being created
     * @throws ConfigurationException if a setting that a parameter names has no value
     */
    public static Map<String, Object> ofRouteBeingCreated(CamelContext context) {
        ModelCamelContext model = (ModelCamelContext) context;
        String routeId = context.getCamelContextExtension().getCreateRoute();
        RouteDefinition route = routeId == null ? null : model.getRouteDefinition(routeId);
        RouteTemplateDefinition template = route == null || route.getTemplateParameters() == null
                ? null
                : model.getRouteTemplateDefinition(
                        String.valueOf(route.getTemplateParameters().get("templateId")));
        if (template == null) {
            throw new IllegalStateException("no route of a Kamelet is being created; a step of the Kamelet's route has"
                    + " to name the bean that reads its parameters");
        }
        Values bound = new Values();
        Map<String, Object> placeholders = new HashMap<>();
        Map<String, Object> given = route.getTemplateParameters();
        for (RouteTemplateParameterDefinition parameter : template.getTemplateParameters()) {
            String name = parameter.getName();
            String key = SettingReference.key(String.valueOf(given.get(name)));
            if (key == null) {
                placeholders.put("values[" + name + "]", "{{" + name + "}}");
            } else {
                bound.values.put(name, setting(context, key, "stream " + given.get("stream") + ": parameter " + name));
            }
        }
        PropertyBindingSupport.setPropertiesOnTarget(context, bound, placeholders);
        return bound.values;
    }

    private static SettingValue setting(CamelContext context, String key, String parameter) {
        try {
            return new SettingValue(key, LiteralSetting.read(context, key));
        } catch (ConfigurationException e) {
            throw new ConfigurationException(parameter + ": " + e.getMessage(), e);
        }
    }

    /** The bean to which Camel binds the values. */
    public static final class Values {

        private final Map<String, Object> values = new LinkedHashMap<>();

        public Map<String, Object> getValues() {
            return values;
        }
    }
}
