package io.keysetsync.cli.context;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Ordered;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.StartupListener;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * The program's CamelContext, made for thousands of routes: each route that starts would make Camel's own compare all routes,
 * steps and endpoints, and the time to start would grow with the square of their number.
 */
public final class ProgramContext extends DefaultCamelContext {

    private final Map<String, RouteDefinition> definitions = new ConcurrentHashMap<>();
    private final Queue<Endpoint> unstarted = new ConcurrentLinkedQueue<>();

    public ProgramContext() {
        super(false); // Main initialises it
        addModelLifecycleStrategy(new Definitions());
        getStartupListeners().add(new UnstartedEndpoints());
    }

    /** None yet: {@code run} makes one after the first sync began, and other commands need none. */
    @Override
    protected @Nullable HealthCheckRegistry createHealthCheckRegistry() {
        return null;
    }

    /** Finds most definitions by their ids; Camel looks through all of them. */
    @Override
    public @Nullable RouteDefinition getRouteDefinition(String id) {
        RouteDefinition known = definitions.get(id);
        return known != null && id.equals(known.getId()) ? known : super.getRouteDefinition(id);
    }

    /** Is called for each route before it is added; Camel collects the endpoints of all others even if there is no such route. */
    @Override
    public boolean removeRoute(String id) throws Exception {
        return getRouteStatus(id) != null && super.removeRoute(id);
    }

    /** Camel looks for the endpoint among all that wait for the start. */
    @Override
    public void deferStartService(Object service, boolean stopOnShutdown) {
        if (service instanceof Endpoint endpoint && !isStarted()) {
            unstarted.add(endpoint);
        } else {
            super.deferStartService(service, stopOnShutdown);
        }
    }

    /**
     * Camel checks the ids of a Kamelet's steps against the ids that were written for the steps of all other routes. A Kamelet's
     * own ids needn't be among them: each use of a Kamelet puts another prefix before them.
     */
    @Override
    public void startRouteDefinitions(List<RouteDefinition> started) throws Exception {
        super.startRouteDefinitions(started);
        for (RouteDefinition route : started) {
            if (Boolean.TRUE.equals(route.isKamelet())) {
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)
                        .forEach(step -> step.setCustomId(false));
            }
        }
    }

    private final class Definitions extends ModelLifecycleStrategySupport {

        @Override
        public void onAddRouteDefinition(RouteDefinition added) {
            if (added.getId() != null) {
                definitions.putIfAbsent(added.getId(), added);
            }
        }

        @Override
        public void onRemoveRouteDefinition(@Nullable RouteDefinition removed) {
            if (removed != null && removed.getId() != null) {
                definitions.remove(removed.getId(), removed);
            }
        }
    }

    /** Starts the endpoints when Camel starts the other services that wait. */
    private final class UnstartedEndpoints implements StartupListener, Ordered {

        @Override
        public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
            Endpoint endpoint;
            while ((endpoint = unstarted.poll()) != null) { // an endpoint that starts may add others
                try {
                    ServiceHelper.startService(endpoint);
                } catch (RuntimeException e) {
                    throw new ResolveEndpointFailedException(endpoint.getEndpointUri(), e);
                }
            }
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST;
        }
    }
}
