package io.keysetsync.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * The answer to a question for the health.
 *
 * @param isUp false answers with the status 503
 * @param json in the form of Camel's own management server, with all checks
 */
public record Health(boolean isUp, String json) {

    static Health of(Collection<HealthCheck.Result> results, boolean readiness) {
        boolean isUp = HealthCheckHelper.isResultsUp(results, readiness);
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("status", isUp ? "UP" : "DOWN");
        ArrayNode checks = answer.putArray("checks");
        for (HealthCheck.Result result : results) {
            ObjectNode check = checks.addObject()
                    .put("name", result.getCheck().getId())
                    .put("status", result.getState().name());
            result.getMessage().ifPresent(message -> check.put("message", message));
        }
        return new Health(isUp, answer.toString());
    }
}
