package io.keysetsync.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.TerminalException;
import io.keysetsync.parameters.KameletBean;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.parameters.ParentRoute;
import io.keysetsync.parameters.TemplateParameters;
import io.keysetsync.parameters.UnknownParameters;
import io.keysetsync.record.DerivedRecord;
import io.keysetsync.record.EvaluationException;
import io.keysetsync.record.Quarantined;
import io.keysetsync.record.Records;
import io.keysetsync.run.PageInFlight;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The Java half of {@code jq-records-action.kamelet.yaml}: puts each record of a page through an expression. No result
 * drops the record, several results make several records; all of them keep the record's cursor. A record on which the
 * expression fails is set aside as the source read it, so that a retry puts it through the stream's steps again.
 */
public final class RecordsAction extends KameletBean {

    private @Nullable JqExpression expression;
    private String stream = "";

    /** Compiles the expression, when the route is created. */
    public void initialise() {
        CamelContext camel = camel();
        stream = ParentRoute.stream(camel);
        Parameters parameters = new Parameters(stream, TemplateParameters.ofRouteBeingCreated(camel));
        UnknownParameters.check(camel);
        expression = parameters.read("jq", JqExpression::compile);
    }

    /** Replaces the page, or the part of a page that an earlier step split off, by what the expression makes of it. */
    public void apply(Exchange exchange) {
        ArrayNode made = JsonNodeFactory.instance.arrayNode();
        List<Quarantined> failed = new ArrayList<>();
        for (JsonNode record : Records.of(exchange, stream)) {
            try {
                made.addAll(made(record));
            } catch (EvaluationException e) {
                failed.add(new Quarantined(DerivedRecord.originOf(record), "jq: " + e.getMessage()));
            }
        }
        setAside(PageInFlight.of(exchange), failed);
        exchange.getMessage().setBody(made);
    }

    private List<DerivedRecord> made(JsonNode record) {
        List<DerivedRecord> all = new ArrayList<>(1);
        for (JsonNode result : Objects.requireNonNull(expression).all(record)) {
            if (!(result instanceof ObjectNode object)) {
                throw new EvaluationException(
                        "a result is " + result.getNodeType() + ", not an object; let the expression"
                                + " give an object for each record to keep, and empty to leave a record out");
            }
            all.add(new DerivedRecord(object, record));
        }
        return all;
    }

    private void setAside(@Nullable PageInFlight page, List<Quarantined> failed) {
        if (page != null) {
            page.setAside(failed);
        } else if (!failed.isEmpty()) {
            throw new TerminalException("stream " + stream
                    + ": a page that belongs to no run has a record on which a step"
                    + " fails, and nowhere to set it aside: " + failed.get(0).reason());
        }
    }
}
