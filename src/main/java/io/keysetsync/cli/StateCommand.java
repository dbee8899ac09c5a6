package io.keysetsync.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.cli.output.TextTable;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.StreamStates.PastRun;
import io.keysetsync.store.StreamStates.StreamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
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
        header = "Shows and changes the streams' cursors.",
        description =
                "Works beside a running 'run', too: a run of the stream loses the page at hand and ends as 'fenced'."
                        + " Each change is a row of keyset_sync_run, with the old and the new cursor.",
        footer = {"", "Example: keyset-sync state show --json"})
final class StateCommand {

    /** The cursor's name in a state file, the same as in that of connectors which keep one time. */
    private static final String CURSOR = "last_updated_at";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParentCommand
    private @Nullable KeysetSync top;

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            header = "Prints the cursors and the latest runs.",
            footer = {"", "Example: keyset-sync state show user"})
    int show(
            @Option(names = "--json", description = "Prints {\"STREAM\":{\"last_updated_at\":\"CURSOR\"}}.")
                    boolean json,
            @Parameters(paramLabel = "STREAM", arity = "0..*", description = "The streams; all, if none is named.")
                    @Nullable
                    List<String> streams)
            throws Exception {
        Map<String, StreamState> states = program().ask((context, schedules) -> StreamRegistry.of(context)
                .states(schedules.select(streams == null ? List.of() : streams)));
        System.out.println(json ? json(states) : table(states));
        return 0;
    }

    private static String json(Map<String, StreamState> states) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        states.forEach((stream, state) -> all.putObject(stream).put(CURSOR, state.cursor()));
        return all.toString();
    }

    private static String table(Map<String, StreamState> states) {
        return new TextTable<Map.Entry<String, StreamState>>()
                .text("stream", Map.Entry::getKey)
                .text("cursor", state -> Objects.toString(state.getValue().cursor(), "-"))
                .text(
                        "latest run",
                        state -> ofLast(state.getValue(), run -> run.startedAt().toString()))
                .text("status", state -> ofLast(state.getValue(), PastRun::status))
                .whole(List.copyOf(states.entrySet()));
    }

    private static String ofLast(StreamState state, Function<PastRun, String> text) {
        return state.last() == null ? "-" : text.apply(state.last());
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            header = "Moves a stream's cursor, forward or back.",
            description = "The next run asks for what changed since.",
            footer = {"", "Example: keyset-sync state set user 2024-01-31T00:00:00Z"})
    int set(
            @Parameters(paramLabel = "STREAM", description = "The stream.") String stream,
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
            header = "Forgets a stream's cursor.",
            description = "The next run begins at initialCursor; no row is deleted.",
            footer = {"", "Example: keyset-sync state reset user"})
    int reset(@Parameters(paramLabel = "STREAM", description = "The stream.") String stream) throws Exception {
        return change(stream, null);
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            header = "Takes a stream's cursor over from a state file.",
            description = "The file has {\"last_updated_at\":\"CURSOR\"}, or what 'state show --json' prints.",
            footer = {"", "Example: keyset-sync state import user state.json"})
    int importFile(
            @Parameters(paramLabel = "STREAM", description = "The stream.") String stream,
            @Parameters(paramLabel = "FILE", description = "The file; - for standard input.") String file)
            throws Exception {
        return change(stream, cursorIn(file, stream));
    }

    @Command(
            name = "keep",
            mixinStandardHelpOptions = true,
            header = "Keeps a stream's cursor after a change of its url or table.",
            description =
                    "Also after a change of its key or cursor field: it says that the data is the same, so that the"
                            + " next run continues from the cursor.",
            footer = {"", "Example: keyset-sync state keep user"})
    int keep(@Parameters(paramLabel = "STREAM", description = "The stream.") String stream) throws Exception {
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
