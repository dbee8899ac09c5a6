package io.keysetsync.cli;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code keyset-sync once}. */
@Command(
        name = "once",
        mixinStandardHelpOptions = true,
        description =
                "Syncs every stream once, or those that are named, shows the progress, prints a summary, and ends.")
final class OnceCommand extends StreamCommand {

    @Override
    public Integer call() throws Exception {
        boolean onTerminal = Boolean.getBoolean("keyset-sync.terminal"); // the start script knows
        if (onTerminal) {
            Logs.warningsOnly();
            Logs.aboveProgressLine();
        }
        Program program = program();
        AtomicReference<@Nullable OnceReport> shown = new AtomicReference<>();
        program.run((context, schedules) -> {
            Set<String> selected = schedules.select(streams());
            OnceReport report = new OnceReport(selected.size(), onTerminal, program::end);
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
        return report.allComplete() ? 0 : KeysetSync.INCOMPLETE;
    }
}
