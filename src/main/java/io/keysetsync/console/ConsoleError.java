package io.keysetsync.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.FencedException;
import io.keysetsync.database.fault.DatabaseErrors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a request that failed: a status, and JSON that says why in one line. */
public final class ConsoleError {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleError.class);

    private static final int CONFLICT = 409;
    private static final int SERVER_ERROR = 500;

    private ConsoleError() {}

    /** Makes the error that an exchange has met its answer; the routes of the console call this method. */
    public static String answer(Exchange exchange) {
        Throwable error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.debug("a request failed", error);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status(error));
        return json(message(error));
    }

    private static int status(Throwable error) {
        ConsoleException own = Errors.innermost(ConsoleException.class, error);
        if (own != null) {
            return own.status();
        }
        if (Errors.innermost(ConfigurationException.class, error) != null) {
            return ConsoleException.BAD_REQUEST;
        }
        if (Errors.innermost(FencedException.class, error) != null) {
            return CONFLICT;
        }
        return DatabaseErrors.isOne(error) ? ConsoleException.UNAVAILABLE : SERVER_ERROR;
    }

    private static String message(Throwable error) {
        Throwable known = Errors.innermost(ConsoleException.class, error);
        if (known == null) {
            known = Errors.known(error);
        }
        if (known != null) {
            return Errors.oneLine(String.valueOf(known.getMessage()));
        }
        return DatabaseErrors.isOne(error)
                ? "the database: " + DatabaseErrors.describe(error)
                : "the request failed: " + Errors.describe(error);
    }

    /** An error as JSON. */
    static String json(String why) {
        return JsonNodeFactory.instance.objectNode().put("error", why).toString();
    }
}
