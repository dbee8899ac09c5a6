package io.keysetsync.console;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultHeaderFilterStrategy;

/**
 * Takes no header of a request that would steer Camel, and sends none of a message with an answer but its content type: the
 * message has those of the request.
 */
final class ConsoleHeaders extends DefaultHeaderFilterStrategy {

    /** The name by which the console's routes know it. */
    static final String NAME = "keysetSyncConsoleHeaders";

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return name.regionMatches(true, 0, "Camel", 0, "Camel".length());
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(Exchange.CONTENT_TYPE);
    }
}
