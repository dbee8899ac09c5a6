package io.keysetsync.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A command on all streams, or on the named ones. */
abstract class StreamCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable KeysetSync top;

    @Parameters(paramLabel = "STREAM", arity = "0..*", description = "The streams; all, if none is named.")
    private List<String> streams = List.of();

    final Program program() {
        return Objects.requireNonNull(top).program();
    }

    /** Whether each line of the log is a JSON object. */
    final boolean logsJson() {
        return Objects.requireNonNull(top).logsJson();
    }

    /** The names that were given; none means all streams. */
    final List<String> streams() {
        return streams;
    }
}
