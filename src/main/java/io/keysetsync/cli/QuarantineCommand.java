package io.keysetsync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.ConfigurationException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.cli.output.RowTable;
import io.keysetsync.quarantine.QuarantineRetry;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.Quarantine;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.SyncStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
            return quarantines(context).stream()
                    .flatMap(quarantine -> entries(quarantine, orNone(streams), orNone(ids)).stream())
                    .distinct() // two data sources may be one database
                    .sorted(Comparator.comparing(Entry::stream))
                    .toList();
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
        List<String> withoutRoute = new ArrayList<>();
        Map<String, RunEvent.State> ended = program().ask((context, schedules) -> {
            requireKnown(context, schedules, orNone(streams));
            Set<String> known = StreamRegistry.of(context).streams();
            Map<String, RunEvent.State> states = new LinkedHashMap<>();
            for (String stream : setAside(context, orNone(streams), orNone(ids))) {
                if (!known.contains(stream)) {
                    withoutRoute.add(stream);
                } else if (isInItsDatabase(context, stream, orNone(ids))) {
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
            int count = 0;
            for (Quarantine quarantine : quarantines(context)) {
                for (String stream : streamsOf(entries(quarantine, orNone(streams), orNone(ids)))) {
                    count += quarantine.drop(stream, orNone(ids));
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

    /** The quarantines of all databases that a stream writes to, and of the default one; those that exist. */
    private static List<Quarantine> quarantines(CamelContext context) {
        return StreamRegistry.of(context).stores().stream()
                .filter(store -> store.stateTables().exist())
                .map(SyncStore::quarantine)
                .toList();
    }

    private static List<Entry> entries(Quarantine quarantine, List<String> streams, List<String> ids) {
        return streams.isEmpty()
                ? quarantine.list(null, ids)
                : streams.stream()
                        .distinct()
                        .flatMap(stream -> quarantine.list(stream, ids).stream())
                        .toList();
    }

    private static Set<String> streamsOf(List<Entry> entries) {
        return entries.stream().map(Entry::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> setAside(CamelContext context, List<String> streams, List<String> ids) {
        Set<String> all = new TreeSet<>();
        quarantines(context).forEach(quarantine -> all.addAll(streamsOf(entries(quarantine, streams, ids))));
        return all;
    }

    /** Whether a stream's records are where a retry looks for them, rather than where its rows went before. */
    private static boolean isInItsDatabase(CamelContext context, String stream, List<String> ids) {
        SyncStore store = StreamRegistry.of(context).storeOf(stream);
        return store.stateTables().exist()
                && !store.quarantine().list(stream, ids).isEmpty();
    }

    /** Refuses the name of a stream that has neither a route nor a record in quarantine, such as a misspelt one. */
    private static void requireKnown(CamelContext context, Schedules schedules, List<String> streams) {
        Set<String> unknown = new TreeSet<>(streams);
        unknown.removeAll(StreamRegistry.of(context).streams());
        if (!unknown.isEmpty()) {
            unknown.removeAll(setAside(context, List.copyOf(unknown), List.of()));
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
