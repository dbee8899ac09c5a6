package io.keysetsync.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code keyset-sync run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Stays up and syncs each stream on its schedule, the first time at once.")
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable KeysetSync top;

    @Parameters(paramLabel = "STREAM", arity = "0..*", description = "The streams to sync; all, if none is named.")
    private List<String> streams = List.of();

    @Override
    public Integer call() throws Exception {
        return run(Objects.requireNonNull(top), streams);
    }

    /** Runs until the process is told to stop. */
    static int run(KeysetSync top, List<String> streams) throws Exception {
        top.program().run((context, schedules) -> schedules.start(schedules.select(streams)));
        return 0;
    }
}
