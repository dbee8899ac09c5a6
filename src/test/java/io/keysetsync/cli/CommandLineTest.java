package io.keysetsync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What is typed: the help of each command, and words that mean nothing. */
class CommandLineTest {

    private static final int LINES = 24;
    private static final int COLUMNS = 80;
    private static final String EXAMPLE = "Example: keyset-sync ";

    private final Properties before = (Properties) System.getProperties().clone();

    /** An example may have {@code -D}, which sets a property of the system as soon as it is parsed. */
    @AfterEach
    void forgetSettings() {
        System.setProperties(before);
    }

    static Stream<CommandLine> commands() {
        return withSubcommands(new KeysetSync().commandLine());
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                Set.copyOf(command.getSubcommands().values()).stream().flatMap(CommandLineTest::withSubcommands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsAScreenAndHasAnExampleThatIsUnderstood(CommandLine command) {
        String help = command.getUsageMessage(Ansi.OFF);

        assertThat(help.lines()).as(help).hasSizeLessThanOrEqualTo(LINES);
        assertThat(help.lines()).as(help).allMatch(line -> line.length() <= COLUMNS);
        List<String> examples =
                help.lines().filter(line -> line.startsWith(EXAMPLE)).toList();
        assertThat(examples).as(help).hasSize(1);
        String[] words = examples.get(0).substring(EXAMPLE.length()).split(" ");
        String path = command.getCommandSpec().qualifiedName() + " ";
        assertThat("keyset-sync " + String.join(" ", words) + " ")
                .startsWith(command.getParent() == null ? "keyset-sync once " : path);
        assertThatNoException()
                .isThrownBy(() -> new KeysetSync().commandLine(words).parseArgs(words));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sync-please | unknown command 'sync-please'; known are run, once, | did you mean 'once'?",
                "onec | unknown command 'onec' | did you mean 'once'?",
                "user once | unknown command 'user'; known are run, once, | , state, console, generate-completion; ",
                "state shwo | unknown command 'shwo'; known are import, keep, | did you mean 'show'?",
                "once --josn=secret | unknown option '--josn' of keyset-sync once; known are --debug, --help, | -D",
                "rows user --limits 3 | unknown option '--limits' of keyset-sync rows | did you mean '--limit'?",
                "--degub | unknown option '--degub' of keyset-sync; known are | did you mean '--debug'?",
                "rows user order | unexpected argument 'order' | see 'keyset-sync rows --help'",
                "rows | Missing required parameter: 'STREAM' | see 'keyset-sync rows --help'",
                "rows user --limit 0 | --limit '0' is less than 1 | see 'keyset-sync rows --help'",
                "preview --limit x | Invalid value for option '--limit' | see 'keyset-sync preview --help'",
            })
    void whatMeansNothingIsOneLine(String typed, String beginning, String further) {
        String line = errorOf(typed.split(" "));

        assertThat(line.lines()).as(line).hasSize(1);
        assertThat(line)
                .startsWith("keyset-sync: " + beginning)
                .contains(further)
                .doesNotContain("secret");
    }

    @Test
    void nothingIsSuggestedForAWordThatIsLikeNoOther() {
        assertThat(errorOf("xyz"))
                .contains("known are run, ", "; see 'keyset-sync --help'")
                .doesNotContain("did you mean");
    }

    private static String errorOf(String... typed) {
        PrintStream before = System.err;
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        try {
            assertThat(new KeysetSync().execute(typed)).isEqualTo(KeysetSync.WRONG);
        } finally {
            System.setErr(before);
        }
        return error.toString(StandardCharsets.UTF_8);
    }
}
