package io.keysetsync.parameters;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.Kamelet;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/** The route with the Kamelet whose own route is being created. */
public final class ParentRoute {

    private static final Pattern STREAM = Pattern.compile("[?&]stream=([^&]+)");

    private ParentRoute() {}

    /** Name of the stream whose route has the Kamelet; that route's id if it begins with no stream's source. */
    public static String stream(CamelContext context) {
        ModelCamelContext model = (ModelCamelContext) context;
        RouteDefinition own =
                model.getRouteDefinition(context.getCamelContextExtension().getCreateRoute());
        String id = String.valueOf(own.getTemplateParameters().get(Kamelet.PARENT_ROUTE_ID));
        RouteDefinition parent = model.getRouteDefinition(id);
        Matcher stream = STREAM.matcher(parent == null ? "" : parent.getInput().getUri());
        return stream.find() ? stream.group(1) : id;
    }
}
