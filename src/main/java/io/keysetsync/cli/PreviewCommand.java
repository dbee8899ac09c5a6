package io.keysetsync.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.keysetsync.Errors;
import io.keysetsync.inspect.Preview;
import io.keysetsync.record.Quarantined;
import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keyset-sync preview}. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Fetches the first page of the next run, and prints its typed rows and what would be quarantined;"
                + " writes nothing. The stream's own steps run, but send nothing elsewhere.")
final class PreviewCommand extends StreamCommand {

    private static final int WIDEST_CELL = 30;

    @Option(names = "--since", paramLabel = "CURSOR", description = "Asks since this cursor instead of the stored one.")
    private @Nullable String since;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "The number of rows to print; ${DEFAULT-VALUE} by default.")
    private int most;

    @Option(
            names = "--json",
            description = "Prints [{\"stream\":…,\"rows\":[{…}],\"quarantined\":[{…}]}], with all rows.")
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
            List<ColumnData<Row>> columns = new ArrayList<>();
            for (int i = 0; i < preview.columns().size(); i++) {
                columns.add(column(preview.columns().get(i), i));
            }
            System.out.println(AsciiTable.getTable(
                    AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
                    preview.rows().stream().limit(most).toList(),
                    columns));
        }
        if (preview.rows().size() > most) {
            System.out.println("and " + (preview.rows().size() - most) + " more rows; --rows shows them");
        }
        for (Quarantined record : preview.quarantined()) {
            System.out.println("quarantined: " + record.reason() + ": " + record.record());
        }
    }

    private static ColumnData<Row> column(Column column, int index) {
        return new com.github.freva.asciitable.Column()
                .header(column.name() + " " + column.type())
                .dataAlign(HorizontalAlign.LEFT)
                .with(row -> shown(row.values().get(index)));
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return "NULL";
        }
        String line = Errors.oneLine(value);
        return line.length() <= WIDEST_CELL ? line : line.substring(0, WIDEST_CELL - 1) + "…";
    }

    private static String json(Map<String, Preview> previews) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        previews.forEach((stream, preview) -> {
            ObjectNode one = all.addObject().put("stream", stream);
            ArrayNode rows = one.putArray("rows");
            for (Row row : preview.rows()) {
                ObjectNode values = rows.addObject();
                for (int i = 0; i < preview.columns().size(); i++) {
                    values.put(preview.columns().get(i).name(), row.values().get(i));
                }
            }
            ArrayNode quarantined = one.putArray("quarantined");
            for (Quarantined record : preview.quarantined()) {
                quarantined.addObject().put("reason", record.reason()).set("record", record.record());
            }
        });
        return all.toString();
    }
}
