package io.keysetsync.console;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultHeaderFilterStrategy;

/** Sends no header of a message with an answer but its content type: the message has those of the request. */
final class AnswerHeaders extends DefaultHeaderFilterStrategy {

    /** The name by which the console's routes know it. */
    static final String NAME = "keysetSyncConsoleHeaders";

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !name.equalsIgnoreCase(Exchange.CONTENT_TYPE);
    }
}
