package io.keysetsync.events;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** The component {@code keyset-sync-events} of the Kamelet {@code sync-events-source}. */
public final class EventsComponent extends DefaultComponent {

    /** The name by which Camel finds the component. */
    public static final String NAME = "keyset-sync-events";

    /** The setting by which a program says that it only looks, or changes something by hand: handlers are told nothing. */
    public static final String SILENT = "keyset-sync.events.silent";

    private @Nullable RunEvents events;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        EventSelection selection = resolveAndRemoveReferenceParameter(parameters, "selection", EventSelection.class);
        return new EventsEndpoint(uri, this, Objects.requireNonNull(selection, "the Kamelet gives a selection"));
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        events = new RunEvents(getCamelContext());
        EventBody.addConverters(getCamelContext().getTypeConverterRegistry());
    }

    RunEvents events() {
        return Objects.requireNonNull(events);
    }

    boolean isSilent() {
        return getCamelContext()
                .getPropertiesComponent()
                .resolveProperty(SILENT)
                .isPresent();
    }

    /**
     * Waits until all handlers of a context have handled the events so far.
     *
     * @return false if that takes too long
     */
    public static boolean awaitHandled(CamelContext context, Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        boolean all = true;
        for (EventsConsumer handler :
                context.getComponent(NAME, EventsComponent.class).events().handlers()) {
            all &= handler.awaitHandled(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return all;
    }
}
