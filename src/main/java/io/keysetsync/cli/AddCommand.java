package io.keysetsync.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.Errors;
import io.keysetsync.cli.add.GivenParameters;
import io.keysetsync.cli.add.NewStream;
import io.keysetsync.cli.add.StreamFiles;
import io.keysetsync.cli.add.StreamText;
import io.keysetsync.cli.output.TextTable;
import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.discover.Found;
import io.keysetsync.inspect.discover.UndecidedException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Scanner;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "add",
        header = "Creates a stream from what an API answers.",
        mixinStandardHelpOptions = true,
        description =
                "Asks the API at most 20 times, and says how sure each finding is. Writes routes/STREAM.camel.yaml and"
                        + " routes/STREAM.schema.json; never overwrites a file.",
        footer = {
            "",
            "Example: keyset-sync add orders https://api.example.com/v1/orders -p auth=bearer",
            "           -p 'token=#property:sync.orders.token' -Dsync.orders.token=..."
        })
final class AddCommand implements Callable<Integer> {

    private static final int ROWS = 5;

    @ParentCommand
    private @Nullable KeysetSync top;

    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            description = "The stream's name, also that of its files and its table.")
    private String stream = "";

    @Parameters(index = "1", paramLabel = "URL", description = "The API's endpoint.")
    private String url = "";

    @Option(
            names = "-p",
            paramLabel = "name=value",
            description =
                    "A parameter of the source (docs/settings.md), which is then not looked for; primary_key=id names"
                            + " the key.")
    private Map<String, String> given = new LinkedHashMap<>();

    @Option(names = "--yes", description = "Writes without asking; a pipe is never asked.")
    private boolean yes;

    @Option(names = "--java", description = "Prints the stream as a SyncRoute in Java, and writes nothing.")
    private boolean printsJava;

    @Override
    public Integer call() throws Exception {
        Logs.warningsOnly();
        StreamFiles files = printsJava ? StreamFiles.named(stream) : StreamFiles.unwritten(stream);
        GivenParameters parameters = GivenParameters.of(stream, url, given);
        try {
            return Objects.requireNonNull(top)
                    .program()
                    .explore((context, schedules) -> added(context, files, parameters));
        } catch (UndecidedException e) {
            System.err.println(
                    "keyset-sync: " + stream + ": " + Errors.oneLine(e.getMessage()) + "; nothing was written");
            return KeysetSync.INCOMPLETE;
        }
    }

    private int added(CamelContext context, StreamFiles files, GivenParameters parameters) throws Exception {
        if (Boolean.getBoolean("keyset-sync.terminal")) {
            System.err.println("asking " + parameters.url() + " …");
        }
        NewStream added = NewStream.of(context, stream, parameters);
        StreamText text = added.text();
        PrintStream out = printsJava ? System.err : System.out;
        out.println(stream + ": " + parameters.url());
        added.findings().forEach(finding -> out.println(line(finding)));
        added.notes().forEach(note -> out.println(line(note)));
        if (printsJava) {
            System.out.print(text.java());
        } else if (isAsked() && !confirmed(added, files)) {
            System.out.println("nothing was written");
        } else {
            files.write(text.yaml(files.schemaResource()), text.schema());
            System.out.println("wrote " + files);
            System.out.println("next: keyset-sync preview " + stream + ", keyset-sync check " + stream
                    + ", then keyset-sync once " + stream);
            if (!parameters.settings().isEmpty()) {
                System.out.println("give each of them, and every other command here, the settings "
                        + String.join(", ", parameters.settings())
                        + ": by -D, by the environment, or in application.properties");
            }
        }
        return 0;
    }

    private static String line(Finding note) {
        return "  note        " + note.what() + (note.advice().isEmpty() ? "" : "; " + note.advice());
    }

    private static String line(Found found) {
        return String.format(
                Locale.ROOT,
                "  %-11s %-28s %-6s %s",
                found.what(),
                found.value(),
                found.sureness().name().toLowerCase(Locale.ROOT),
                found.why());
    }

    private boolean isAsked() {
        return !yes && Boolean.getBoolean("keyset-sync.terminal"); // the start script knows
    }

    private static boolean confirmed(NewStream added, StreamFiles files) {
        TextTable<JsonNode> table = new TextTable<>();
        added.text()
                .columns()
                .forEach(column -> table.text(
                        List.of(column.name(), column.type().toString()), record -> shown(record.path(column.name()))));
        System.out.println(table.fitted(added.records().stream().limit(ROWS).toList()));
        System.out.print(added.text().yaml(files.schemaResource()));
        System.out.print("write " + files + "? [Y/n] ");
        System.out.flush();
        Scanner answers = new Scanner(System.in, StandardCharsets.UTF_8);
        String answer = answers.hasNextLine() ? answers.nextLine().strip() : "n";
        return answer.isEmpty() || answer.toLowerCase(Locale.ROOT).startsWith("y");
    }

    private static @Nullable String shown(JsonNode value) {
        return value.isMissingNode() || value.isNull()
                ? null
                : value.isTextual() ? value.textValue() : value.toString();
    }
}
