package io.keysetsync.cli;

import io.keysetsync.cli.context.Browser;
import io.keysetsync.console.ConsoleLink;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        header = "Prints the link of a running program's console.",
        description = "The link contains a token; each start of 'run' creates a new one.",
        footer = {"", "Example: keyset-sync console --open"})
final class ConsoleCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable KeysetSync top;

    @Option(names = "--open", description = "Opens the link in the browser.")
    private boolean open;

    @Override
    public Integer call() throws Exception {
        Logs.warningsOnly();
        Optional<String> link =
                Objects.requireNonNull(top).program().settings((context, schedules) -> ConsoleLink.find(context));
        if (link.isEmpty()) {
            System.err.println("keyset-sync: no program with a console runs in this folder; start it with"
                    + " 'keyset-sync run', and give both commands the same settings sync.console…");
            return KeysetSync.INCOMPLETE;
        }
        System.out.println(link.get());
        if (open && !Browser.open(link.get())) {
            System.err.println("keyset-sync: no browser could be started; open the link by hand");
            return KeysetSync.INCOMPLETE;
        }
        return 0;
    }
}
