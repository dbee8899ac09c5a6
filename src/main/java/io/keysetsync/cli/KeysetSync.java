package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.Version;
import io.keysetsync.cli.context.ClusterUse;
import io.keysetsync.cli.context.TrustAhead;
import io.keysetsync.cli.log.LogFormat;
import io.keysetsync.cli.usage.UnknownWord;
import io.keysetsync.database.fault.DatabaseErrors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code keyset-sync}. Without a sub-command it does {@code run}. */
@Command(
        name = "keyset-sync",
        header = "Syncs paginated HTTP APIs into SQL tables, by the YAML files in routes/.",
        synopsisSubcommandLabel = "[COMMAND]",
        mixinStandardHelpOptions = true,
        versionProvider = KeysetSync.VersionProvider.class,
        footer = {
            "",
            "Example: keyset-sync once user",
            "Without a command: run. JAVA_HOME and JAVA_OPTS are honoured.",
            "Exit codes: 0 done; 1 a stream did not end complete; 2 wrong usage or settings."
        })
public final class KeysetSync implements Callable<Integer> {

    /** A stream did not end complete. */
    static final int INCOMPLETE = 1;
    /** Wrong usage or configuration. */
    static final int WRONG = 2;

    /** The sub-commands, in the order of the help; suppliers, because a class loads all that it uses. */
    private static final Map<String, Supplier<Class<?>>> SUBCOMMANDS = new LinkedHashMap<>();

    static {
        SUBCOMMANDS.put("run", () -> RunCommand.class);
        SUBCOMMANDS.put("once", () -> OnceCommand.class);
        SUBCOMMANDS.put("add", () -> AddCommand.class);
        SUBCOMMANDS.put("check", () -> CheckCommand.class);
        SUBCOMMANDS.put("preview", () -> PreviewCommand.class);
        SUBCOMMANDS.put("rows", () -> RowsCommand.class);
        SUBCOMMANDS.put("quarantine", () -> QuarantineCommand.class);
        SUBCOMMANDS.put("state", () -> StateCommand.class);
        SUBCOMMANDS.put("console", () -> ConsoleCommand.class);
    }

    @Spec
    private CommandSpec command;

    @Option(
            names = "-D",
            paramLabel = "key=value",
            mapFallbackValue = "true",
            scope = ScopeType.INHERIT,
            description = "Overrides a setting, as SYNC_USER_URL does for sync.user.url.")
    void override(Map<String, String> settings) {
        if (settings.containsKey("")) {
            throw new ParameterException(command.commandLine(), "-D needs a setting, as in -Dsync.demo-api=false");
        }
        settings.forEach(System::setProperty); // for what reads them there, such as the log
        overrides.putAll(settings); // those before and those after the command add up
    }

    private final Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Logs in detail, with the stack traces of errors.")
    private boolean debug;

    private boolean logsJson;

    /** The command line. Ends the process with the command's exit code, without waiting for idle threads. */
    public static void main(String[] args) {
        System.exit(new KeysetSync().execute(args));
    }

    /** A program with the settings that the command line overrides. */
    Program program() {
        TrustAhead.read();
        return new Program(overrides);
    }

    int execute(String... args) {
        return commandLine(args)
                .setParameterExceptionHandler((error, words) -> report(error))
                .setExecutionExceptionHandler((error, command, parsed) -> report(error))
                .setExecutionStrategy(parsed -> {
                    try {
                        LogFormat format = LogFormat.first(
                                overrides.get(LogFormat.SETTING),
                                System.getenv("SYNC_LOG"),
                                Settings.look(Program.SETTINGS, LogFormat.SETTING));
                        logsJson = Logs.configure(debug, format);
                    } catch (ConfigurationException e) {
                        return report(e);
                    }
                    return new CommandLine.RunLast().execute(parsed);
                })
                .execute(args);
    }

    /** Loads the named sub-command alone: all of them would take a tenth of a short command's time. */
    CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(this);
        Optional<String> named =
                Stream.of(args).filter(SUBCOMMANDS::containsKey).findFirst();
        if (named.isPresent()) {
            String name = named.get();
            return line.addSubcommand(name, SUBCOMMANDS.get(name).get());
        }
        SUBCOMMANDS.forEach((name, type) -> line.addSubcommand(name, type.get()));
        CommandLine completion = new CommandLine(GenerateCompletion.class);
        completion.getCommandSpec().usageMessage().header("Prints a script by which bash and zsh complete commands.");
        completion.getCommandSpec().usageMessage().footer("", "Example: keyset-sync generate-completion");
        return line.addSubcommand(completion);
    }

    /** Whether each line of the log is a JSON object. */
    boolean logsJson() {
        return logsJson;
    }

    /** An error as one line on stderr; its stack trace only with {@code --debug}. */
    private int report(Exception error) {
        boolean ofDatabase = Errors.known(error) == null && DatabaseErrors.isOne(error);
        String line = "keyset-sync: "
                + (ofDatabase
                        ? "the database: " + DatabaseErrors.describe(error)
                        : Startup.explained(error, null).getMessage());
        if (logsJson) {
            LoggerFactory.getLogger(KeysetSync.class).error(line, debug ? error : null);
            return ofDatabase ? INCOMPLETE : WRONG;
        }
        System.err.println(line);
        if (debug) {
            error.printStackTrace();
        }
        return ofDatabase ? INCOMPLETE : WRONG;
    }

    /** A mistyped command line as one line on stderr. */
    private static int report(ParameterException error) {
        CommandLine command = error.getCommandLine();
        if (error instanceof UnmatchedArgumentException unmatched) {
            boolean isTop = command.getParent() == null;
            System.err.println("keyset-sync: "
                    + UnknownWord.describe(unmatched, isTop ? new KeysetSync().commandLine() : command));
            return WRONG;
        }
        String wrong = Errors.firstLine(error.getMessage());
        System.err.println(
                "keyset-sync: " + wrong + "; see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return WRONG;
    }

    @Override
    public Integer call() throws Exception {
        return RunCommand.run(program().in(ClusterUse.NODE), List.of());
    }

    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"keyset-sync " + Version.get()};
        }
    }
}
