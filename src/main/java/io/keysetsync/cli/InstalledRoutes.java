package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Streams;
import io.keysetsync.run.RunsUnderWay;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.EndpointRegistry;
import org.apache.camel.spi.NormalizedEndpointUri;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerKey;

/** The routes of a running context, as those of one file after the other; with each go the routes of its Kamelets. */
final class InstalledRoutes {

    private final ModelCamelContext context;
    private final RunGate gate;

    InstalledRoutes(CamelContext context, RunGate gate) {
        this.context = (ModelCamelContext) context;
        this.gate = gate;
    }

    /**
     * Reads a file and changes nothing, but that its beans are bound.
     *
     * @throws Exception if it is not what Camel understands; whether it can start shows when it does
     */
    void parse(String file) throws Exception {
        builders(file);
    }

    private List<RoutesBuilder> builders(String file) throws Exception {
        Resource resource = PluginHelper.getResourceLoader(context).resolveResource("file:" + file);
        Collection<RoutesBuilder> found = PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource));
        for (RoutesBuilder builder : found) {
            if (builder instanceof RouteBuilder routes) {
                routes.configureRoutes(context);
            }
        }
        return List.copyOf(found);
    }

    /** Makes and starts a file's routes; if that fails, nothing of them stays. */
    void install(String file) throws Exception {
        List<RoutesBuilder> builders = builders(file);
        refuseRoutesOfOthers(builders);
        Set<RouteDefinition> routes = Set.copyOf(context.getRouteDefinitions());
        Set<Endpoint> endpoints = new HashSet<>(context.getEndpoints());
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteConfigurationsBuilder configurations) {
                    configurations.updateRouteConfigurationsToCamelContext(context);
                }
                context.addRoutes(builder);
                context.addTemplatedRoutes(builder);
            }
        } catch (Exception e) {
            for (RouteDefinition made : List.copyOf(context.getRouteDefinitions())) {
                if (!routes.contains(made)) {
                    context.removeRouteDefinition(made);
                }
            }
            for (Endpoint made : List.copyOf(context.getEndpoints())) {
                if (!endpoints.contains(made)) {
                    context.removeEndpoint(made);
                }
            }
            throw e;
        }
    }

    /** Camel itself would replace another file's route by one of the same id. */
    private void refuseRoutesOfOthers(List<RoutesBuilder> builders) throws Exception {
        for (RoutesBuilder builder : builders) {
            if (builder instanceof RouteBuilder routes) {
                for (RouteDefinition made : routes.configureRoutes(context).getRoutes()) {
                    if (made.getId() != null && context.getRouteDefinition(made.getId()) != null) {
                        throw new ConfigurationException(
                                "another file has a route '" + made.getId() + "', too; rename one of them");
                    }
                }
            }
        }
    }

    /** The streams whose runs a file's routes are. */
    Set<String> streams(String file) {
        return withKamelets(routes(file)).stream()
                .filter(this::isSource)
                .map(source -> triggerKey(source).getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Removes a file's routes, after what is under way in them. A stream's run is interrupted, as at the program's end: the
     * page that is being saved is waited for, however long that takes. No run of these streams begins until the gate lets
     * them in again.
     */
    void remove(String file) throws Exception {
        RunsUnderWay runs = RunsUnderWay.of(context);
        Set<Route> routes = withKamelets(routes(file));
        Set<Endpoint> endpoints = usedOnlyBy(routes);
        Set<String> streams = streams(file);
        gate.close(streams);
        try {
            streams.forEach(runs::hold);
            gate.awaitEnd(streams);
        } finally {
            streams.forEach(runs::release);
        }
        for (Route route : routes) {
            unschedule(route);
            context.removeRouteDefinition(context.getRouteDefinition(route.getId()));
        }
        for (Endpoint endpoint : endpoints) {
            context.removeEndpoint(endpoint); // Camel itself does not find those of a route that is stopped
        }
    }

    private boolean isSource(Route route) {
        return route.getEndpoint() instanceof QuartzEndpoint source
                && source.getTriggerKey().getGroup().equals(Streams.triggerGroup(context));
    }

    private static TriggerKey triggerKey(Route source) {
        return ((QuartzEndpoint) source.getEndpoint()).getTriggerKey();
    }

    /** With the schedule goes what {@link Streams#trigger} has queued, which would keep the job. */
    private void unschedule(Route route) throws SchedulerException {
        if (isSource(route)) {
            Scheduler scheduler =
                    ((QuartzEndpoint) route.getEndpoint()).getComponent().getScheduler();
            Trigger trigger = scheduler.getTrigger(triggerKey(route));
            if (trigger != null) {
                scheduler.deleteJob(trigger.getJobKey());
            }
        }
    }

    private Set<Route> routes(String file) {
        return context.getRouteDefinitions().stream()
                .filter(route -> !Boolean.TRUE.equals(route.isKamelet()) && isOf(file, route.getResource()))
                .map(route -> context.getRoute(route.getId()))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static boolean isOf(String file, @Nullable Resource resource) {
        return resource != null
                && RouteFolders.name(Path.of(resource.getLocation().replaceFirst("^file:", "")))
                        .equals(file);
    }

    /** Some routes, and those of the Kamelets that nobody else uses; which may use others. */
    private Set<Route> withKamelets(Set<Route> routes) {
        Set<Route> all = new HashSet<>(routes);
        boolean more;
        do {
            more = all.addAll(usedOnlyBy(all).stream()
                    .filter(KameletEndpoint.class::isInstance)
                    .map(kamelet -> context.getRoute(((KameletEndpoint) kamelet).getRouteId()))
                    .filter(Objects::nonNull)
                    .toList());
        } while (more);
        return all;
    }

    private Set<Endpoint> usedOnlyBy(Set<Route> routes) {
        Set<Endpoint> used = new HashSet<>();
        routes.forEach(route -> used.addAll(endpoints(route)));
        context.getRoutes().stream()
                .filter(route -> !routes.contains(route))
                .forEach(other -> used.removeAll(endpoints(other)));
        return used;
    }

    /** Known only while the route is started. */
    private static Set<Endpoint> endpoints(Route route) {
        Set<Endpoint> endpoints = new HashSet<>();
        endpoints.add(route.getEndpoint());
        route.getServices().stream()
                .flatMap(service -> ServiceHelper.getChildServices(service, true).stream())
                .filter(EndpointAware.class::isInstance)
                .map(service -> ((EndpointAware) service).getEndpoint())
                .filter(Objects::nonNull)
                .forEach(endpoints::add);
        return endpoints;
    }

    /**
     * Kamelets are read anew when the next route that uses them is made. Those that are there go on until their routes are
     * removed; even for a step {@code kamelet}, or one whose endpoint is made while it runs, a new one is made.
     */
    void forgetKamelets(Set<String> names) throws Exception {
        for (String name : names) {
            context.removeRouteTemplateDefinitions(name);
        }
        EndpointRegistry endpoints = context.getEndpointRegistry();
        for (Map.Entry<NormalizedEndpointUri, Endpoint> entry : List.copyOf(endpoints.entrySet())) {
            if (entry.getValue() instanceof KameletEndpoint kamelet && names.contains(kamelet.getTemplateId())) {
                endpoints.remove(entry.getKey());
            }
        }
    }
}
