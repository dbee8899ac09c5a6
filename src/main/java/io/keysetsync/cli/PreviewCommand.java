package io.keysetsync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.cli.output.Limit;
import io.keysetsync.cli.output.RowTable;
import io.keysetsync.inspect.Preview;
import io.keysetsync.record.Quarantined;
import io.keysetsync.table.Row;
import io.keysetsync.table.TableRows;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        header = "Shows the first page of the next run as rows.",
        description =
                "Writes nothing. Shows what would be quarantined, too. The stream's own steps run, but send nothing elsewhere.",
        footer = {"", "Example: keyset-sync preview user --limit 5"})
final class PreviewCommand extends StreamCommand {

    @Option(names = "--since", paramLabel = "CURSOR", description = "Asks since this cursor instead of the stored one.")
    private @Nullable String since;

    @Mixin
    private Limit limit = new Limit();

    @Option(names = "--json", description = "Prints [{\"stream\":…,\"rows\":[{…}],\"quarantined\":[{…}]}].")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Logs.warningsOnly();
        Map<String, Preview> previews = program().look((context, schedules) -> {
            Map<String, Preview> all = new LinkedHashMap<>();
            for (String stream : schedules.select(streams())) {
                all.put(stream, Preview.of(context, stream, since));
            }
            return all;
        });
        if (json) {
            System.out.println(json(previews));
        } else {
            previews.forEach(this::print);
        }
        previews.values().stream()
                .filter(preview -> preview.error() != null)
                .forEach(preview -> System.err.println("keyset-sync: " + preview.error()));
        return previews.values().stream().anyMatch(preview -> preview.error() != null) ? KeysetSync.INCOMPLETE : 0;
    }

    private void print(String stream, Preview preview) {
        if (preview.error() != null) {
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d records, %d rows, %d would be quarantined%n",
                stream,
                preview.received(),
                preview.rows().size(),
                preview.quarantined().size());
        if (!preview.rows().isEmpty()) {
            System.out.println(RowTable.of(rows(preview), true));
        }
        int more = preview.rows().size() - limit.rows();
        if (more > 0) {
            System.out.println("and " + more + (more == 1 ? " more row" : " more rows") + "; --limit "
                    + preview.rows().size() + " shows all");
        }
        for (Quarantined record : preview.quarantined()) {
            System.out.println(RowTable.safe("quarantined: " + record.reason() + ": " + record.record()));
        }
    }

    private TableRows rows(Preview preview) {
        return new TableRows(
                preview.columns(),
                preview.rows().stream().limit(limit.rows()).map(Row::values).toList());
    }

    private String json(Map<String, Preview> previews) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        previews.forEach((stream, preview) -> {
            ObjectNode one = all.addObject().put("stream", stream);
            one.set("rows", rows(preview).json());
            ArrayNode quarantined = one.putArray("quarantined");
            for (Quarantined record : preview.quarantined()) {
                quarantined.addObject().put("reason", record.reason()).set("record", record.record());
            }
        });
        return all.toString();
    }
}
