package io.keysetsync.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code keyset-sync run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Stays up and syncs each stream on its schedule, the first time at once.")
final class RunCommand implements Callable<Integer> {

    @Parameters(paramLabel = "STREAM", arity = "0..*", description = "The streams to sync; all, if none is named.")
    private List<String> streams = List.of();

    @Override
    public Integer call() throws Exception {
        new Program().run((context, schedules) -> schedules.start(schedules.select(streams)));
        return 0;
    }
}
