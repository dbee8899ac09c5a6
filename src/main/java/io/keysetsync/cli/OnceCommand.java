package io.keysetsync.cli;

import io.keysetsync.cli.context.ClusterUse;
import io.keysetsync.cli.output.OnceReport;
import io.keysetsync.events.EventsComponent;
import io.keysetsync.run.StreamRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

@Command(
        name = "once",
        mixinStandardHelpOptions = true,
        header = "Syncs each stream once, and ends.",
        description = "Shows the progress, and prints a summary.",
        footer = {"", "Example: keyset-sync once user -Dsync.demo-api=false"})
final class OnceCommand extends StreamCommand {

    private static final Logger LOG = LoggerFactory.getLogger(OnceCommand.class);

    /** The longest wait for the handlers of events. */
    private static final Duration FOR_EVENTS = Duration.ofSeconds(30);

    @Override
    public Integer call() throws Exception {
        boolean onTerminal = Boolean.getBoolean("keyset-sync.terminal") && !logsJson(); // the start script knows
        if (onTerminal) {
            Logs.warningsOnly();
            Logs.aboveProgressLine();
        }
        Program program = program().in(ClusterUse.REFUSED);
        AtomicReference<@Nullable OnceReport> shown = new AtomicReference<>();
        Set<String> withTable = new TreeSet<>();
        program.run((context, schedules) -> {
            Set<String> selected = schedules.select(streams());
            selected.stream()
                    .filter(stream -> StreamRegistry.of(context).sinkOf(stream) != null)
                    .forEach(withTable::add);
            OnceReport report = new OnceReport(selected.size(), onTerminal, () -> endWhenHandled(program, context));
            shown.set(report);
            context.getManagementStrategy().addEventNotifier(report);
            schedules.once(selected);
        });
        OnceReport report = shown.get();
        if (report == null) {
            return KeysetSync.INCOMPLETE;
        }
        report.close();
        report.print(System.out);
        if (onTerminal && report.allComplete() && !withTable.isEmpty()) {
            String stream = withTable.size() == 1 ? withTable.iterator().next() : "STREAM";
            System.err.println("To see the newest rows: keyset-sync rows " + stream);
        }
        return report.allComplete() ? 0 : KeysetSync.INCOMPLETE;
    }

    /** Ends the program as soon as the routes from the Kamelet of events have handled the last ones. */
    private static void endWhenHandled(Program program, CamelContext context) {
        if (context.hasComponent(EventsComponent.NAME) == null) {
            program.end();
            return;
        }
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try {
                if (!EventsComponent.awaitHandled(context, FOR_EVENTS)) {
                    LOG.warn("some events were not handled within {} s", FOR_EVENTS.toSeconds());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                program.end();
            }
        });
    }
}
