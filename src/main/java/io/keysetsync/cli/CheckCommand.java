package io.keysetsync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.database.Rights;
import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.inspect.probe.ApiFindings;
import io.keysetsync.run.StreamCursor;
import io.keysetsync.run.StreamRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        header = "Tries API and database, and says what to set.",
        description =
                "Writes nothing. An API is asked ten times at most: what leads to its next page, which notation of the cursor its filter"
                        + " takes, whether the filter includes the cursor and holds on each page, whether pages ascend,"
                        + " or shift while they are read, whether tokens skip records with the same cursor, and whether"
                        + " a token can be used twice.",
        footer = {"", "Example: keyset-sync check user --json"})
final class CheckCommand extends StreamCommand {

    @Option(names = "--json", description = "Prints [{\"stream\":…,\"findings\":[…],\"parameters\":{…}}].")
    private boolean json;

    /** The findings about a stream. */
    private record Checked(String stream, List<Finding> findings, Map<String, String> parameters) {

        boolean hasProblem() {
            return findings.stream().anyMatch(finding -> finding.level() == Level.PROBLEM);
        }
    }

    @Override
    public Integer call() throws Exception {
        Logs.warningsOnly();
        List<Checked> all = program().look((context, schedules) -> {
            List<Checked> checked = new ArrayList<>();
            for (String stream : schedules.select(streams())) {
                checked.add(check(context, stream));
            }
            return checked;
        });
        System.out.print(json ? json(all) + "\n" : text(all));
        return all.stream().anyMatch(Checked::hasProblem) ? KeysetSync.INCOMPLETE : 0;
    }

    private static Checked check(CamelContext context, String stream) throws Exception {
        ApiFindings api = ApiFindings.of(context, stream);
        List<Finding> findings = new ArrayList<>(api.findings());
        StreamRegistry registry = StreamRegistry.of(context);
        StreamCursor.of(registry, stream).refusal().ifPresent(why -> findings.add(new Finding(Level.PROBLEM, why, "")));
        StreamRegistry.Sink sink = registry.sinkOf(stream);
        Rights rights = sink == null ? registry.storeOf(stream).stateTables().rights() : sink.rights();
        if (!rights.isComplete()) {
            findings.add(new Finding(
                    Level.PROBLEM,
                    "the database's user lacks the right to " + rights.missing(),
                    "have an administrator run: " + rights.grants()));
        } else if (sink != null) {
            findings.add(new Finding(Level.OK, "the table " + sink.table(), ""));
        }
        return new Checked(stream, findings, new TreeMap<>(api.parameters()));
    }

    private static String text(List<Checked> all) {
        StringBuilder text = new StringBuilder();
        for (Checked checked : all) {
            text.append(checked.stream()).append('\n');
            for (Finding finding : checked.findings()) {
                text.append("  %-8s %s%n".formatted(lower(finding.level()), finding.what()));
                if (!finding.advice().isEmpty()) {
                    text.append("           -> ").append(finding.advice()).append('\n');
                }
            }
            if (!checked.parameters().isEmpty()) {
                text.append("  Set under 'parameters' of kamelet:keyset-sync-source, in the stream's YAML:\n");
                checked.parameters()
                        .forEach((name, value) -> text.append("        %s: %s%n".formatted(name, yaml(value))));
            }
        }
        return text.toString();
    }

    /** A value as YAML has it: in quotes if YAML would take it for something else than a text. */
    private static String yaml(String value) {
        return value.matches("[A-Za-z0-9][^#]*(?<!:)") && !value.contains(": ") ? value : TextNode.valueOf(value) + "";
    }

    private static String json(List<Checked> all) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Checked checked : all) {
            ObjectNode stream = array.addObject().put("stream", checked.stream());
            ArrayNode findings = stream.putArray("findings");
            checked.findings().forEach(finding -> findings.addObject()
                    .put("level", lower(finding.level()))
                    .put("what", finding.what())
                    .put("advice", finding.advice()));
            ObjectNode parameters = stream.putObject("parameters");
            checked.parameters().forEach(parameters::put);
        }
        return array.toString();
    }

    private static String lower(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
