package io.keysetsync.cli;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code keyset-sync run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Stays up and syncs each stream on its schedule, the first time at once.")
final class RunCommand extends StreamCommand {

    @Override
    public Integer call() throws Exception {
        return run(program(), streams());
    }

    /** Runs until the process is told to stop. */
    static int run(Program program, List<String> streams) throws Exception {
        program.stayUp((context, schedules) -> schedules.start(streams));
        return 0;
    }
}
