package io.keysetsync.observe;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyConfiguration;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.impl.event.RouteAddedEvent;
import org.apache.camel.impl.event.RouteStartedEvent;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Camel's own meters of a context that runs already: of its routes and the exchanges in them. Those of single endpoints are
 * left out, because an endpoint's name has its parameters, and these may hold a secret; so are those of the routes that a
 * Kamelet has made, two a stream, of which the streams' own meters tell more.
 */
final class CamelMeters {

    private CamelMeters() {}

    static void bind(CamelContext context, MeterRegistry meters) throws Exception {
        MicrometerRoutePolicyFactory policies = new MicrometerRoutePolicyFactory();
        policies.setMeterRegistry(meters);
        MicrometerRoutePolicyConfiguration counted = new MicrometerRoutePolicyConfiguration();
        counted.setExternalRedeliveries(false); // those of message brokers
        policies.setPolicyConfiguration(counted);
        context.addService(policies);
        MicrometerRouteEventNotifier routes = new MicrometerRouteEventNotifier();
        routes.setMeterRegistry(meters);
        routes.setCamelContext(context);
        ServiceHelper.startService(routes);
        for (Route route : context.getRoutes()) {
            for (RoutePolicy place : route.getRoutePolicyList()) {
                if (place instanceof LateRoutePolicy late && !route.isCreatedByKamelet()) {
                    late.become(policies.createRoutePolicy(context, route.getRouteId(), null), route);
                }
            }
            routes.notify(new RouteAddedEvent(route));
            if (context.getRouteController().getRouteStatus(route.getRouteId()).isStarted()) {
                routes.notify(new RouteStartedEvent(route));
            }
        }
        context.getManagementStrategy().addEventNotifier(routes);
    }
}
