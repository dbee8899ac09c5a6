package io.keysetsync.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keyset-sync run}. */
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
            return run(program(), streams());
        }
        new DevMode(this::program, streams()).run();
        return 0;
    }

    /** Runs until the process is told to stop. */
    static int run(Program program, List<String> streams) throws Exception {
        program.run((context, schedules) -> schedules.start(streams));
        return 0;
    }
}
