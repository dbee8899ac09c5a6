package io.keysetsync.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.quarantine.Quarantines;
import io.keysetsync.quarantine.Quarantines.Retried;
import io.keysetsync.run.StreamRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Answers {@code /api/quarantine} and what is below it; the console's routes call its methods. */
public final class QuarantineApi {

    private final StreamRegistry registry;
    private final Quarantines quarantines;

    QuarantineApi(CamelContext context) {
        this.registry = StreamRegistry.of(context);
        this.quarantines = Quarantines.of(context);
    }

    /** What a request names: records by ids, those of a stream, or both. */
    private record Chosen(List<String> streams, List<String> ids) {}

    /** The records that are set aside, the newest first; of one stream, if the request names it. */
    public String list(Exchange exchange) {
        String stream = ConsoleRequest.parameter(exchange, "stream");
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        quarantines
                .newest(stream, ConsoleRequest.limit(exchange, ConsoleRequest.MOST))
                .forEach(entry -> all.addObject()
                        .put("id", entry.id())
                        .put("stream", entry.stream())
                        .put("run_id", entry.runId())
                        .put("seen_at", entry.seenAt().toString())
                        .put("reason", entry.reason())
                        .put("record", entry.record()));
        return all.toString();
    }

    /** Puts records through their streams once more. */
    public String retry(Exchange exchange) {
        Chosen chosen = known(chosen(exchange));
        Retried retried = quarantines.retry(chosen.streams(), chosen.ids());
        Counts sum =
                retried.ended().values().stream().map(RunEvent.State::total).reduce(Counts.NONE, Counts::plus);
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        retried.withoutRoute()
                .forEach(stream -> errors.add("stream " + stream + ": not tried, because no route has this stream"));
        retried.ended().values().stream()
                .filter(state -> state.status() != RunStatus.COMPLETE)
                .forEach(state -> errors.add(state.error()));
        return JsonNodeFactory.instance
                .objectNode()
                .put("tried", sum.records())
                .put("upserted", sum.upserted())
                .put("unchanged", sum.unchanged())
                .put("deleted", sum.deleted())
                .put("quarantined", sum.quarantined())
                .<ObjectNode>set("errors", errors)
                .toString();
    }

    /** Deletes records from the quarantine. */
    public String drop(Exchange exchange) {
        Chosen chosen = known(chosen(exchange));
        int dropped = quarantines.drop(chosen.streams(), chosen.ids());
        return JsonNodeFactory.instance.objectNode().put("dropped", dropped).toString();
    }

    private static Chosen chosen(Exchange exchange) {
        JsonNode body = ConsoleRequest.body(exchange);
        List<String> ids = new ArrayList<>();
        boolean isReadable = true;
        for (JsonNode id : body.path("ids")) {
            isReadable &= id.isTextual();
            ids.add(id.asText());
        }
        JsonNode stream = body.path("stream");
        if (!isReadable || (ids.isEmpty() && !stream.isTextual()) || ids.size() > ConsoleRequest.MOST) {
            throw new ConsoleException(
                    ConsoleException.BAD_REQUEST,
                    "the body must be {\"ids\": [\"ID\", …]} with at most " + ConsoleRequest.MOST
                            + " ids, or {\"stream\": \"NAME\"}");
        }
        return new Chosen(stream.isTextual() ? List.of(stream.textValue()) : List.of(), ids);
    }

    /** Refuses an unknown id, and an unknown stream that has no records in the quarantine. */
    private Chosen known(Chosen chosen) {
        List<String> unknown = quarantines.unknown(chosen.streams(), chosen.ids());
        if (!unknown.isEmpty()) {
            throw new ConsoleException(
                    ConsoleException.NOT_FOUND, "no record with this id is in the quarantine: " + unknown.get(0));
        }
        if (!registry.streams().containsAll(chosen.streams())
                && quarantines.streams(chosen.streams(), List.of()).isEmpty()) {
            throw new ConsoleException(ConsoleException.NOT_FOUND, "there is no stream of this name");
        }
        return chosen;
    }
}
