package io.keysetsync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.ConfigurationException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.cli.output.RowTable;
import io.keysetsync.quarantine.Quarantines;
import io.keysetsync.quarantine.Quarantines.Retried;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.Quarantine.Entry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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
        header = "Shows, retries and drops the records that were set aside.",
        description = "Works beside a running 'run', too.",
        footer = {"", "Example: keyset-sync quarantine list user"})
final class QuarantineCommand {

    private static final String STREAMS = "The streams; all, if none is named.";
    private static final String IDS = "Only the records with these ids, as 'list' shows them.";

    @ParentCommand
    private @Nullable KeysetSync top;

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            header = "Prints the records and the reasons.",
            footer = {"", "Example: keyset-sync quarantine list user --json"})
    int list(
            @Option(names = "--json", description = "Prints [{\"id\":…,\"stream\":…,\"reason\":…,\"record\":…}].")
                    boolean json,
            @Option(names = "--id", paramLabel = "ID", split = ",", description = IDS) @Nullable List<String> ids,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = STREAMS) @Nullable List<String> streams)
            throws Exception {
        List<Entry> entries = program().ask((context, schedules) -> {
            requireKnown(context, schedules, orNone(streams));
            return Quarantines.of(context).list(orNone(streams), orNone(ids));
        });
        System.out.println(json ? json(entries) : text(entries));
        return 0;
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            header = "Saves the records that fit now.",
            description =
                    "Puts the records through the stream's steps and its table once more. Those that fit now leave"
                            + " the quarantine; no newer row is replaced, and the cursor stays. Each try is a row of"
                            + " keyset_sync_run.",
            footer = {"", "Example: keyset-sync quarantine retry user"})
    int retry(
            @Option(names = "--id", paramLabel = "ID", split = ",", description = IDS) @Nullable List<String> ids,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = STREAMS) @Nullable List<String> streams)
            throws Exception {
        Retried retried = program().ask((context, schedules) -> {
            requireKnown(context, schedules, orNone(streams));
            return Quarantines.of(context).retry(orNone(streams), orNone(ids));
        });
        Map<String, RunEvent.State> ended = retried.ended();
        List<String> withoutRoute = retried.withoutRoute();
        ended.forEach((stream, state) -> System.out.printf(
                Locale.ROOT,
                "%s: %d tried, %d upserted, %d unchanged, %d deleted, %d stay in quarantine%n",
                stream,
                state.total().records(),
                state.total().upserted(),
                state.total().unchanged(),
                state.total().deleted(),
                state.total().quarantined()));
        withoutRoute.forEach(
                stream -> System.out.println(stream + ": not tried, because no route has this stream; add its"
                        + " route again, or drop its records by 'quarantine drop " + stream + "'"));
        if (ended.isEmpty() && withoutRoute.isEmpty()) {
            System.out.println("nothing to try again");
        }
        return withoutRoute.isEmpty() && ended.values().stream().allMatch(state -> state.status() == RunStatus.COMPLETE)
                ? 0
                : KeysetSync.INCOMPLETE;
    }

    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            header = "Deletes the records from the quarantine.",
            footer = {"", "Example: keyset-sync quarantine drop --all"})
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
            requireKnown(context, schedules, orNone(streams));
            return Quarantines.of(context).drop(orNone(streams), orNone(ids));
        });
        System.out.println(dropped + (dropped == 1 ? " record" : " records") + " dropped");
        return 0;
    }

    private static List<String> orNone(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }

    /** Refuses the name of a stream that has neither a route nor a record in quarantine, such as a misspelt one. */
    private static void requireKnown(CamelContext context, Schedules schedules, List<String> streams) {
        Set<String> unknown = new TreeSet<>(streams);
        unknown.removeAll(StreamRegistry.of(context).streams());
        if (!unknown.isEmpty()) {
            unknown.removeAll(Quarantines.of(context).streams(List.copyOf(unknown), List.of()));
        }
        if (!unknown.isEmpty()) {
            schedules.select(unknown);
        }
    }

    private static String text(List<Entry> entries) {
        if (entries.isEmpty()) {
            return "no record is in quarantine";
        }
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append("%s  %s  since %s%n  %s%n  %s%n"
                    .formatted(
                            entry.id(),
                            entry.stream(),
                            entry.seenAt(),
                            RowTable.safe(entry.reason()),
                            RowTable.safe(entry.record())));
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
