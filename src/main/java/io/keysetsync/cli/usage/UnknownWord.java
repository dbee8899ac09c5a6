package io.keysetsync.cli.usage;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command or an option that doesn't exist, the known ones, and the one that was probably meant. */
public final class UnknownWord {

    private UnknownWord() {}

    /**
     * Describes the first word of a command line that means nothing.
     *
     * @param unmatched the words that mean nothing
     * @param command to which they were given, with all of its sub-commands
     */
    public static String describe(UnmatchedArgumentException unmatched, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String given = unmatched.getUnmatched().get(0);
        String word = given.startsWith("-") ? given.replaceFirst("=.*", "") : given; // the value may be a secret
        String help = "see '" + spec.qualifiedName() + " --help'";
        if (unmatched.isUnknownOption()) {
            Stream<String> options =
                    spec.options().stream().filter(option -> !option.hidden()).map(OptionSpec::longestName);
            return "unknown option '" + word + "' of " + spec.qualifiedName() + knownAre(options.sorted())
                    + meant(command, word) + help;
        }
        if (spec.subcommands().isEmpty()) {
            return "unexpected argument '" + word + "'; " + help;
        }
        return "unknown command '" + word + "'" + knownAre(spec.subcommands().keySet().stream()) + meant(command, word)
                + help;
    }

    private static String knownAre(Stream<String> words) {
        return words.collect(Collectors.joining(", ", "; known are ", "; "));
    }

    /** What picocli finds similar. */
    private static String meant(CommandLine command, String word) {
        return new UnmatchedArgumentException(command, List.of(word))
                .getSuggestions().stream()
                        .findFirst()
                        .map(near -> "did you mean '" + near + "'? Else ")
                        .orElse("");
    }
}
