package io.keysetsync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.ConfigurationException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.Quarantine;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keyset-sync quarantine}: the records that were set aside. */
@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows the records that were set aside, and why; saves those that fit by now, or drops them. Also"
                + " beside a running 'run'.")
final class QuarantineCommand {

    private static final String STREAMS = "The streams; all, if none is named.";
    private static final String IDS = "Only the records with these ids, as 'list' shows them.";

    @ParentCommand
    private @Nullable KeysetSync top;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Prints the records and the reasons.")
    int list(
            @Option(names = "--json", description = "Prints [{\"id\":…,\"stream\":…,\"reason\":…,\"record\":…}].")
                    boolean json,
            @Option(names = "--id", paramLabel = "ID", split = ",", description = IDS) @Nullable List<String> ids,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = STREAMS) @Nullable List<String> streams)
            throws Exception {
        List<Entry> entries = program().ask((context, schedules) -> {
            List<Entry> all = new ArrayList<>();
            for (String stream : schedules.select(orNone(streams))) {
                all.addAll(entries(context, stream, orNone(ids)));
            }
            return all;
        });
        System.out.println(json ? json(entries) : text(entries));
        return 0;
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description =
                    "Puts the records through the stream's steps and its table once more. Those that fit by now leave"
                            + " the quarantine; no newer row is replaced, and the cursor stays. Each try is a row of"
                            + " keyset_sync_run.")
    int retry(
            @Option(names = "--id", paramLabel = "ID", split = ",", description = IDS) @Nullable List<String> ids,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = STREAMS) @Nullable List<String> streams)
            throws Exception {
        Map<String, RunEvent.State> ended = program().ask((context, schedules) -> {
            Map<String, RunEvent.State> states = new LinkedHashMap<>();
            for (String stream : schedules.select(orNone(streams))) {
                if (!entries(context, stream, orNone(ids)).isEmpty()) {
                    states.put(stream, QuarantineRetry.of(context, stream).retry(orNone(ids)));
                }
            }
            return states;
        });
        ended.forEach((stream, state) -> System.out.printf(
                Locale.ROOT,
                "%s: %d tried, %d upserted, %d unchanged, %d deleted, %d stay in quarantine%n",
                stream,
                state.total().records(),
                state.total().upserted(),
                state.total().unchanged(),
                state.total().deleted(),
                state.total().quarantined()));
        if (ended.isEmpty()) {
            System.out.println("nothing to try again");
        }
        return ended.values().stream().allMatch(state -> state.status() == RunStatus.COMPLETE)
                ? 0
                : KeysetSync.INCOMPLETE;
    }

    @Command(name = "drop", mixinStandardHelpOptions = true, description = "Forgets the records for good.")
    int drop(
            @Option(names = "--all", description = "All records of all streams.") boolean all,
            @Option(names = "--id", paramLabel = "ID", split = ",", description = IDS) @Nullable List<String> ids,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = "The streams.") @Nullable
                    List<String> streams)
            throws Exception {
        if (!all && orNone(ids).isEmpty() && orNone(streams).isEmpty()) {
            throw new ConfigurationException("quarantine drop: name a stream or an --id, or say --all");
        }
        int dropped = program().ask((context, schedules) -> {
            int count = 0;
            for (String stream : schedules.select(orNone(streams))) {
                if (!entries(context, stream, orNone(ids)).isEmpty()) {
                    count += quarantine(context, stream).drop(stream, orNone(ids));
                }
            }
            return count;
        });
        System.out.println(dropped + (dropped == 1 ? " record" : " records") + " dropped");
        return 0;
    }

    private static List<String> orNone(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }

    private static Quarantine quarantine(CamelContext context, String stream) {
        return StreamRegistry.of(context).storeOf(stream).quarantine();
    }

    private static List<Entry> entries(CamelContext context, String stream, List<String> ids) {
        SyncStore store = StreamRegistry.of(context).storeOf(stream);
        return store.stateTables().exist() ? store.quarantine().list(stream, ids) : List.of();
    }

    private static String text(List<Entry> entries) {
        if (entries.isEmpty()) {
            return "no record is in quarantine";
        }
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append("%s  %s  since %s%n  %s%n  %s%n"
                    .formatted(entry.id(), entry.stream(), entry.seenAt(), entry.reason(), entry.record()));
        }
        return text.append(entries.size())
                .append(entries.size() == 1 ? " record" : " records")
                .toString();
    }

    private static String json(List<Entry> entries) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        entries.forEach(entry -> all.addObject()
                .put("id", entry.id())
                .put("stream", entry.stream())
                .put("run_id", entry.runId())
                .put("seen_at", entry.seenAt().toString())
                .put("reason", entry.reason())
                .put("record", entry.record()));
        return all.toString();
    }

    private Program program() {
        Logs.warningsOnly();
        return Objects.requireNonNull(top).program();
    }
}
