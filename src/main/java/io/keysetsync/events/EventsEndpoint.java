package io.keysetsync.events;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The events that one use of the Kamelet asks for. */
final class EventsEndpoint extends DefaultEndpoint {

    private final EventSelection selection;

    EventsEndpoint(String uri, EventsComponent component, EventSelection selection) {
        super(uri, component);
        this.selection = selection;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("events come from runs; a route can't send any");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = new EventsConsumer(this, processor, selection);
        configureConsumer(consumer);
        return consumer;
    }
}
