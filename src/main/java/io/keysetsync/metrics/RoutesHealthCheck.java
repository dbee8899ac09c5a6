package io.keysetsync.metrics;

import io.keysetsync.run.StreamRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;

/** Whether the streams are started. A stream that is paused is; one whose route was stopped, or can't start, is not. */
final class RoutesHealthCheck extends StreamHealthCheck {

    /** The most streams that are named. */
    private static final int NAMED = 5;

    RoutesHealthCheck(CamelContext context) {
        super(context, "keyset-sync-streams");
    }

    @Override
    String problem() {
        if (!context.isStarted()) {
            return "the streams are starting or stopping";
        }
        StreamRegistry registry = StreamRegistry.of(context);
        if (registry.streams().isEmpty()) {
            return "";
        }
        if (!SchedulerHealthCheck.isStarted(context)) {
            return "the scheduler of the streams is not started, so none of them runs";
        }
        Map<String, ServiceStatus> stopped = new TreeMap<>();
        for (String stream : registry.streams()) {
            Route route = context.getRoute(registry.routeOf(stream));
            ServiceStatus status =
                    route == null ? null : context.getRouteController().getRouteStatus(route.getRouteId());
            if (route != null && status != null && !status.isStarted() && route.isAutoStartup()) {
                stopped.put(stream, status);
            }
        }
        String named = stopped.keySet().stream().limit(NAMED).collect(Collectors.joining(", "));
        int others = stopped.size() - NAMED;
        return stopped.isEmpty() ? "" : "not started: " + named + (others > 0 ? " and " + others + " more" : "");
    }
}
