package io.keysetsync.parameters;

import java.util.Optional;
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
        String id = id(context);
        return streamOf(id, context).orElse(id);
    }

    /** The route that has the Kamelet, as errors name it: by its stream, or by its id if it begins with no stream's source. */
    public static String described(CamelContext context) {
        String id = id(context);
        return streamOf(id, context).map(stream -> "stream " + stream).orElse("route " + id);
    }

    /** The id of the route that has the Kamelet. */
    public static String id(CamelContext context) {
        RouteDefinition own = ((ModelCamelContext) context)
                .getRouteDefinition(context.getCamelContextExtension().getCreateRoute());
        return String.valueOf(own.getTemplateParameters().get(Kamelet.PARENT_ROUTE_ID));
    }

    private static Optional<String> streamOf(String route, CamelContext context) {
        RouteDefinition parent = ((ModelCamelContext) context).getRouteDefinition(route);
        Matcher stream = STREAM.matcher(parent == null ? "" : parent.getInput().getUri());
        return stream.find() ? Optional.of(stream.group(1)) : Optional.empty();
    }
}
