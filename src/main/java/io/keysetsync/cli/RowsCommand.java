package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cli.output.Limit;
import io.keysetsync.cli.output.RowTable;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.table.TableRows;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rows",
        mixinStandardHelpOptions = true,
        header = "Prints the newest rows of a stream's table.",
        description = "The newest are those with the latest cursor. Works beside a running 'run', too.",
        footer = {"", "Example: keyset-sync rows user --limit 5 --json"})
final class RowsCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable KeysetSync top;

    @Mixin
    private Limit limit = new Limit();

    @Option(names = "--json", description = "Prints [{\"COLUMN\":VALUE,…},…].")
    private boolean json;

    @Parameters(paramLabel = "STREAM", description = "The stream.")
    private String stream = "";

    @Override
    public Integer call() throws Exception {
        Logs.warningsOnly();
        TableRows rows = Objects.requireNonNull(top).program().read((context, schedules) -> {
            schedules.select(List.of(stream));
            return newest(context);
        });
        if (rows == null) {
            return KeysetSync.INCOMPLETE;
        }
        System.out.println(json ? rows.json() : RowTable.of(rows, false));
        return 0;
    }

    private @Nullable TableRows newest(CamelContext context) {
        StreamRegistry registry = StreamRegistry.of(context);
        StreamRegistry.Sink sink = registry.sinkOf(stream);
        if (sink == null) {
            throw new ConfigurationException("stream " + stream + ": its rows go to another sink than"
                    + " kamelet:jdbc-upsert-sink; look for them there");
        }
        if (!sink.exists()) {
            System.err.println("keyset-sync: stream " + stream + ": its table '"
                    + sink.schema().name() + "' does not exist yet; create and fill it with 'keyset-sync once "
                    + stream + "'");
            return null;
        }
        return sink.newest(registry.source(stream).plan(), limit.rows());
    }
}
