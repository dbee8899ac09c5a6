package io.keysetsync.console;

import io.keysetsync.observe.Health;
import io.keysetsync.observe.Observation;
import org.apache.camel.Exchange;

/** Answers {@code /observe} and what is below it; the console's routes call its methods. */
public final class ObserveApi implements AutoCloseable {

    private final Observation observation;

    ObserveApi(Observation observation) {
        this.observation = observation;
    }

    /** All metrics, in Prometheus' text format. */
    public String metrics(Exchange exchange) {
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, Observation.PROMETHEUS_TYPE);
        return observation.prometheus();
    }

    /** Whether all is well. */
    public String health(Exchange exchange) {
        return answer(observation.all(), exchange);
    }

    /** Whether the process and its scheduler work. */
    public String live(Exchange exchange) {
        return answer(observation.live(), exchange);
    }

    /** Whether the streams are started and their database answers. */
    public String ready(Exchange exchange) {
        return answer(observation.ready(), exchange);
    }

    private static String answer(Health health, Exchange exchange) {
        if (!health.isUp()) {
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, ConsoleException.UNAVAILABLE);
        }
        return health.json();
    }

    @Override
    public void close() {
        observation.close();
    }
}
