package io.keysetsync.cli.output;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --limit} of commands that print rows. */
public final class Limit {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private int rows;

    /** Sets how many rows are printed. */
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "The number of rows to print; ${DEFAULT-VALUE} by default.")
    void limit(int most) {
        if (most < 1 && command != null) {
            throw new ParameterException(command.commandLine(), "--limit '" + most + "' is less than 1");
        }
        rows = most;
    }

    /** The most rows to print. */
    public int rows() {
        return rows;
    }
}
