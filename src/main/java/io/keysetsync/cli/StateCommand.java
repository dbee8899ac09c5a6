package io.keysetsync.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.keysetsync.ConfigurationException;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.RunLog;
import io.keysetsync.store.SyncStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keyset-sync state}: the streams' cursors, by hand. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Shows and changes the streams' cursors, also beside a running 'run'.",
            "A run of the stream that is under way loses the page at hand and ends as 'fenced'. Every change is kept as"
                    + " a row of keyset_sync_run, with the old and the new cursor."
        })
final class StateCommand {

    /** The cursor's name in a state file, the same as in that of connectors which keep one time. */
    private static final String CURSOR = "last_updated_at";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParentCommand
    private @Nullable KeysetSync top;

    /** A stream's cursor and its latest run. */
    private record State(String stream, @Nullable String cursor, Optional<RunLog.Last> last) {}

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the cursors and the latest runs.")
    int show(
            @Option(names = "--json", description = "Prints {\"STREAM\":{\"last_updated_at\":\"CURSOR\"}}.")
                    boolean json,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = "The streams; all, if none is named.")
                    @Nullable
                    List<String> streams)
            throws Exception {
        List<State> states = program().ask((context, schedules) -> {
            List<State> found = new ArrayList<>();
            Map<SyncStore, Boolean> exist = new HashMap<>(); // asked once, and not for each stream
            for (String stream : schedules.select(streams == null ? List.of() : streams)) {
                SyncStore store = StreamRegistry.of(context).storeOf(stream);
                boolean known = exist.computeIfAbsent(
                        store, asked -> asked.stateTables().exist());
                found.add(known ? state(store, stream) : new State(stream, null, Optional.empty()));
            }
            return found;
        });
        System.out.println(json ? json(states) : table(states));
        return 0;
    }

    private static State state(SyncStore store, String stream) {
        return new State(
                stream, store.cursors().read(stream).cursor(), store.runs().last(stream));
    }

    private static String json(List<State> states) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        states.forEach(state -> all.putObject(state.stream()).put(CURSOR, state.cursor()));
        return all.toString();
    }

    private static String table(List<State> states) {
        return AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
                states,
                List.of(
                        column("stream").with(State::stream),
                        column("cursor").with(state -> Objects.toString(state.cursor(), "-")),
                        column("latest run").with(state -> state.last()
                                .map(last -> last.startedAt().toString())
                                .orElse("-")),
                        column("status")
                                .with(state ->
                                        state.last().map(RunLog.Last::status).orElse("-"))));
    }

    private static Column column(String header) {
        return new Column().header(header).dataAlign(HorizontalAlign.LEFT);
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Moves a stream's cursor, forward or back. The next run asks for what changed since.")
    int set(
            @Parameters(paramLabel = "STREAM") String stream,
            @Parameters(
                            paramLabel = "VALUE",
                            description = "The cursor as the API writes it: by cursorType a time such as"
                                    + " 2024-01-31T00:00:00Z or an epoch number, an integer, or a text.")
                    String value)
            throws Exception {
        return change(stream, value);
    }

    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            description = "Forgets a stream's cursor. The next run begins at initialCursor; no row is deleted.")
    int reset(@Parameters(paramLabel = "STREAM") String stream) throws Exception {
        return change(stream, null);
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Takes a stream's cursor over from a state file: {\"last_updated_at\":\"CURSOR\"}, or what"
                    + " 'state show --json' prints.")
    int importFile(
            @Parameters(paramLabel = "STREAM") String stream,
            @Parameters(paramLabel = "FILE", description = "The file; - for standard input.") String file)
            throws Exception {
        return change(stream, cursorIn(file, stream));
    }

    @Command(
            name = "keep",
            mixinStandardHelpOptions = true,
            description =
                    "Keeps a stream's cursor although its url, table, key or cursor field has changed: the data is the"
                            + " same, and the next run continues from the cursor.")
    int keep(@Parameters(paramLabel = "STREAM") String stream) throws Exception {
        String kept = program().ask((context, schedules) -> {
            schedules.select(List.of(stream));
            return StreamRegistry.of(context).storeOf(stream).keepCursor(stream);
        });
        System.out.println(stream + ": " + kept + " kept");
        return 0;
    }

    private static String cursorIn(String file, String stream) throws IOException {
        String what = "state file '" + file + "' ";
        try {
            JsonNode state =
                    JSON.readTree(file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(typed(file)));
            JsonNode cursor = state.path(stream).isObject() ? state.path(stream).path(CURSOR) : state.path(CURSOR);
            if (!cursor.isTextual() && !cursor.isNumber()) {
                throw new ConfigurationException(
                        what + "has no cursor of stream " + stream + "; it takes {\"" + CURSOR + "\":\"…\"}");
            }
            return cursor.isTextual()
                    ? cursor.textValue()
                    : cursor.decimalValue().toPlainString();
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(what + "is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException(what + "can't be read", e);
        }
    }

    /** A path as typed: relative to where the command was typed, not to the program's folder. */
    private static Path typed(String file) {
        return Path.of(System.getProperty("keyset-sync.typed-in", "")).resolve(file);
    }

    private int change(String stream, @Nullable String cursor) throws Exception {
        String before = program().ask((context, schedules) -> {
            schedules.select(List.of(stream));
            return Objects.toString(StreamRegistry.of(context).storeOf(stream).changeCursor(stream, cursor), "none");
        });
        System.out.println(stream + ": " + before + " -> " + Objects.toString(cursor, "none"));
        return 0;
    }

    private Program program() {
        Logs.warningsOnly();
        return Objects.requireNonNull(top).program();
    }
}
