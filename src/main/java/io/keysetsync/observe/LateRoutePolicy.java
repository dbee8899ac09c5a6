package io.keysetsync.observe;

import io.keysetsync.metrics.StreamMetrics;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.NonManagedService;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a route's place for a policy that comes later: Camel asks for policies only when it creates a route, and Camel's
 * meters are loaded after the first sync began.
 */
public final class LateRoutePolicy extends RoutePolicySupport implements NonManagedService {

    private volatile @Nullable RoutePolicy policy;

    private LateRoutePolicy() {}

    /** Gives each route of a context that is created from now on such a place, and keeps what there is to count. */
    public static void prepare(CamelContext context) {
        StreamMetrics.of(context).keep();
        context.addRoutePolicyFactory((CamelContext owner, String routeId, NamedNode route) -> new LateRoutePolicy());
    }

    /** Takes the policy of a route that has started. */
    void become(RoutePolicy late, Route route) {
        late.onInit(route);
        late.onStart(route);
        policy = late;
    }

    @Override
    public void onStart(Route route) {
        RoutePolicy known = policy;
        if (known != null) {
            known.onStart(route);
        }
    }

    @Override
    public void onRemove(Route route) {
        RoutePolicy known = policy;
        if (known != null) {
            known.onRemove(route);
        }
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        RoutePolicy known = policy;
        if (known != null) {
            known.onExchangeBegin(route, exchange);
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        RoutePolicy known = policy;
        if (known != null) {
            known.onExchangeDone(route, exchange);
        }
    }
}
