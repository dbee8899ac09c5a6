package io.keysetsync.events;

import io.keysetsync.ConfigurationException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.parameters.KameletBean;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.parameters.ParentRoute;
import io.keysetsync.parameters.TemplateParameters;
import io.keysetsync.parameters.UnknownParameters;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** The events that one use of the Kamelet asks for: the Kamelet's parameters. */
public final class EventSelection extends KameletBean {

    private String route = "";
    private Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
    private Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    private Set<String> streams = Set.of();
    private Duration overdue = Duration.ZERO;

    /** Reads and checks the parameters, when the route is created. */
    public void initialise() {
        CamelContext camel = camel();
        UnknownParameters.check(camel);
        route = ParentRoute.id(camel);
        Parameters given = new Parameters(route, TemplateParameters.ofRouteBeingCreated(camel));
        kinds = constants("events", given, EventKind.class);
        if (kinds.isEmpty()) {
            throw wrong("events", given, "names no kind of event; leave it out for the ends of runs");
        }
        statuses = constants("status", given, RunStatus.class);
        streams = new TreeSet<>(items("streams", given));
        overdue = duration(given);
    }

    private Duration duration(Parameters given) {
        try {
            Duration duration = Duration.parse(given.text("overdue"));
            if (duration.toMillis() > 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one error for both
        }
        throw wrong("overdue", given, "must be an ISO-8601 duration such as PT1H");
    }

    private <E extends Enum<E>> Set<E> constants(String name, Parameters given, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        Set<E> chosen = EnumSet.noneOf(type);
        for (String item : items(name, given)) {
            chosen.add(all.stream()
                    .filter(each -> each.toString().equals(item))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            name,
                            given,
                            "must name, with commas between them, some of "
                                    + all.stream().map(Object::toString).collect(Collectors.joining(", ")))));
        }
        return chosen;
    }

    private static List<String> items(String name, Parameters given) {
        return Arrays.stream(given.text(name).split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private ConfigurationException wrong(String name, Parameters given, String what) {
        return new ConfigurationException(
                "route " + route + ": parameter " + name + " '" + given.text(name) + "' " + what);
    }

    /** The id of the route that handles the events. */
    String route() {
        return route;
    }

    /** The streams that are named; empty for all. */
    Set<String> streams() {
        return streams;
    }

    /** Whether the handler is told of streams that are overdue. */
    boolean hasOverdue() {
        return kinds.contains(EventKind.OVERDUE);
    }

    /** The time without a complete run after which a stream is overdue. */
    Duration overdue() {
        return overdue;
    }

    boolean takes(String stream) {
        return streams.isEmpty() || streams.contains(stream);
    }

    boolean takes(Event event) {
        return kinds.contains(event.kind()) && takes(event.stream()) && takes(event.kind(), event.state());
    }

    /** The status says how runs have ended; events of another kind are not chosen by it. */
    private boolean takes(EventKind kind, RunEvent.@Nullable State state) {
        boolean hasEnded = kind == EventKind.RUN || kind == EventKind.RETRY;
        return !hasEnded || state == null || statuses.isEmpty() || statuses.contains(state.status());
    }
}
