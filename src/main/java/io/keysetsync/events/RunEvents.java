package io.keysetsync.events;

import io.keysetsync.RunEvent;
import io.keysetsync.store.PastRuns.Past;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Offers the events of a context's runs to all handlers, in the threads of the runs. It listens only while there is a
 * handler.
 */
final class RunEvents extends EventNotifierSupport {

    private final CamelContext context;
    private final PastOfStreams pasts;
    private final List<EventsConsumer> handlers = new CopyOnWriteArrayList<>();

    RunEvents(CamelContext context) {
        this.context = context;
        this.pasts = new PastOfStreams(context);
        setupIgnore(true); // of Camel's own events; otherwise Camel would make one for each exchange
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onRoutesRemove(Collection<Route> routes) {
                routes.forEach(route -> removed(route.getRouteId()));
            }
        });
    }

    /** Ends the handler whose route is removed: the Kamelet's own route stays. */
    private void removed(String route) {
        handlers.stream().filter(handler -> handler.isOf(route)).forEach(EventsConsumer::stop);
    }

    synchronized void add(EventsConsumer handler) {
        if (handlers.isEmpty()) {
            context.getManagementStrategy().addEventNotifier(this);
        }
        handlers.add(handler);
    }

    synchronized void remove(EventsConsumer handler) {
        if (handlers.remove(handler) && handlers.isEmpty()) {
            context.getManagementStrategy().removeEventNotifier(this);
        }
    }

    List<EventsConsumer> handlers() {
        return handlers;
    }

    PastOfStreams pasts() {
        return pasts;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof RunEvent;
    }

    @Override
    public void notify(CamelEvent happened) {
        RunEvent run = (RunEvent) happened;
        if (run.kind() == RunEvent.Kind.BEGUN) {
            pasts.begun(run.state());
        }
        EventKind kind = EventKind.of(run);
        if (kind == null) {
            return;
        }
        String stream = run.state().stream();
        Past before = pasts.of(stream);
        Past now = run.kind() == RunEvent.Kind.ENDED ? pasts.ended(run.state()) : before;
        Event event = new Event(kind, stream, run.state(), now, before.failures(), run.changes(), false);
        handlers.forEach(handler -> handler.offer(event));
    }
}
