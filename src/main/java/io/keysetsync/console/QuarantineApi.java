package io.keysetsync.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.Quarantine;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Answers {@code /api/quarantine} and what is below it; the console's routes call its methods. */
public final class QuarantineApi {

    /** More records are not shown at once. */
    private static final int MOST = 1000;

    private final CamelContext context;
    private final StreamRegistry registry;

    QuarantineApi(CamelContext context) {
        this.context = context;
        this.registry = StreamRegistry.of(context);
    }

    /** What a request names: records by ids, those of a stream, or both. */
    private record Chosen(@Nullable String stream, List<String> ids) {}

    /** The records that are set aside, the newest first; of one stream, if the request names it. */
    public String list(Exchange exchange) {
        String stream = ConsoleRequest.parameter(exchange, "stream");
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        quarantines()
                .flatMap(quarantine -> quarantine.newest(stream, MOST).stream())
                .distinct() // two data sources may be one database
                .sorted(Comparator.comparing(Entry::seenAt).reversed())
                .limit(MOST)
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
        Chosen chosen = chosen(exchange);
        Counts sum = Counts.NONE;
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        for (String stream : streamsOf(chosen)) {
            if (!registry.streams().contains(stream)) {
                errors.add("stream " + stream + ": not tried, because no route has this stream");
                continue;
            }
            RunEvent.State ended = QuarantineRetry.of(context, stream).retry(chosen.ids());
            sum = sum.plus(ended.total());
            if (ended.status() != RunStatus.COMPLETE) {
                errors.add(ended.error());
            }
        }
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
        Chosen chosen = chosen(exchange);
        streamsOf(chosen);
        int dropped = quarantines()
                .mapToInt(quarantine -> quarantine.drop(chosen.stream(), chosen.ids()))
                .sum();
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
        if (!isReadable || (ids.isEmpty() && !stream.isTextual()) || ids.size() > MOST) {
            throw new ConsoleException(
                    ConsoleException.BAD_REQUEST,
                    "the body must be {\"ids\": [\"ID\", …]} with at most " + MOST + " ids, or {\"stream\": \"NAME\"}");
        }
        return new Chosen(stream.isTextual() ? stream.textValue() : null, ids);
    }

    /**
     * The streams of the chosen records.
     *
     * @throws ConsoleException if an id is unknown, or the stream is and has no records
     */
    private Set<String> streamsOf(Chosen chosen) {
        List<Entry> entries = quarantines()
                .flatMap(quarantine -> quarantine.list(chosen.stream(), chosen.ids()).stream())
                .toList();
        List<String> unknown = new ArrayList<>(chosen.ids());
        unknown.removeAll(entries.stream().map(Entry::id).toList());
        if (!unknown.isEmpty()) {
            throw new ConsoleException(
                    ConsoleException.NOT_FOUND, "no record with this id is in the quarantine: " + unknown.get(0));
        }
        String stream = chosen.stream();
        if (stream != null && entries.isEmpty() && !registry.streams().contains(stream)) {
            throw new ConsoleException(ConsoleException.NOT_FOUND, "there is no stream of this name");
        }
        return entries.stream().map(Entry::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<Quarantine> quarantines() {
        return registry.stores().stream()
                .filter(store -> store.stateTables().exist())
                .map(SyncStore::quarantine);
    }
}
