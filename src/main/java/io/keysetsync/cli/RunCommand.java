package io.keysetsync.cli;

import io.keysetsync.cli.context.ClusterUse;
import io.keysetsync.console.Console;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Stays up and syncs each stream on its schedule.",
        description = "The first run of each begins at once.",
        footer = {"", "Example: keyset-sync run --dev"})
final class RunCommand extends StreamCommand {

    @Option(
            names = "--dev",
            description =
                    "Watches routes/ and application.properties: after a valid edit, all streams end after the page"
                            + " at hand and continue from their cursors with the edited files.")
    private boolean dev;

    @Override
    public Integer call() throws Exception {
        if (!dev) {
            return run(program().in(clusterUse()), streams());
        }
        try (Console console = console()) {
            new DevMode(() -> program().in(clusterUse()), streams(), console).run();
        }
        return 0;
    }

    private ClusterUse clusterUse() {
        return streams().isEmpty() ? ClusterUse.NODE : ClusterUse.REFUSED;
    }

    /** Runs until the process is told to stop. */
    static int run(Program program, List<String> streams) throws Exception {
        try (Console console = console()) {
            program.with(console).run((context, schedules) -> {
                console.tell();
                schedules.start(streams, Set.of());
                console.serve(context);
            });
        }
        return 0;
    }

    private static Console console() {
        return new Console(Boolean.getBoolean("keyset-sync.terminal")); // the start script knows
    }
}
