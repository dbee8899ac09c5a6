package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive of classes from which the JVM starts: made with the package, and renewed by the start script. */
class ClassArchiveIT extends OverAnApi {

    private static final Duration MAKING = Duration.ofMinutes(5);

    ClassArchiveIT() {
        super(5);
    }

    @Test
    void mostClassesComeFromThePackagedArchive() throws IOException {
        assertThat(shareFromArchive()).isGreaterThan(0.9);
    }

    @Test
    void afterAJarHasChangedTheArchiveIsRenewedInTheBackgroundWithNothingOfTheUsers() throws IOException {
        Path packaged = archive();
        changeAJar();
        program.environment("SYNC_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/nobody")
                .environment("SYNC_USER_SCHEDULE", "never");

        Ended version = program.run("--version");

        assertThat(version.stdout()).startsWith("keyset-sync ").hasLineCount(1);
        assertThat(version.stderr()).isEmpty();
        await().atMost(MAKING).until(() -> Files.notExists(packaged) && Files.notExists(inLib(".making")));
        assertThat(archive()).isNotEmptyFile();
        program.environment("SYNC_DATABASE_URL", "jdbc:h2:file:./data/keyset-sync")
                .environment("SYNC_USER_SCHEDULE", "0 0 0 29 2 ?");
        assertThat(shareFromArchive()).isGreaterThan(0.9);
    }

    @Test
    void aFolderThatCannotBeWrittenNeedsNoArchive() throws IOException {
        Files.delete(archive());
        Files.writeString(inLib(".making"), "in its way"); // root may write to any folder

        assertThat(program.run("once").code()).isZero();
        assertThat(program.saved().count()).isEqualTo(5);
        assertThat(archives()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "text", "cut", "of another JVM", "of other jars"})
    void anArchiveThatDoesNotFitIsNeverMentioned(String what) throws IOException {
        byte[] archive = Files.readAllBytes(archive());
        Files.delete(archive()); // other copies share the file
        changeAJar();
        byte[] unfit =
                switch (what) {
                    case "empty" -> new byte[0];
                    case "text" -> "no archive\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
                    case "cut" -> Arrays.copyOf(archive, archive.length / 2);
                    case "of another JVM" -> {
                        Arrays.fill(archive, 0, 1000, (byte) 'x');
                        yield archive;
                    }
                    default -> archive;
                };
        int length = what.equals("cut") ? archive.length : unfit.length;
        Path named = program.folder().resolve(fitting() + length + ".jsa");
        Files.write(named, unfit);

        Ended show = program.run("state", "show", "--json");

        assertThat(show.stderr()).isEmpty();
        assertThat(show.stdout().strip()).isEqualTo("{\"user\":{\"last_updated_at\":null}}");
        assertThat(show.code()).isZero();
        assertThat(archives()).as("not tried again").containsExactly(named);
    }

    /** Runs once, and tells which part of the classes came from an archive, from 0 to 1. */
    private double shareFromArchive() throws IOException {
        Path loaded = temp.resolve("loaded.log");
        program.environment("JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        Ended once = program.run("once");
        assertThat(once.code()).as(once.stderr()).isZero();
        assertThat(program.saved().count()).isEqualTo(5);
        List<String> classes = Files.readAllLines(loaded);
        assertThat(classes).hasSizeGreaterThan(5000);
        return (double) classes.stream()
                        .filter(line -> line.contains("shared objects file"))
                        .count()
                / classes.size();
    }

    private Path archive() throws IOException {
        assertThat(archives()).hasSize(1);
        return archives().get(0);
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(inLib(""))) {
            return files.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    /** How the name of an archive begins that the start script would take. */
    private String fitting() throws IOException {
        String ask = "home=$0; . \"$home/lib/launch.sh\"; printf %s \"$archive\"";
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-euc", ask, program.folder().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Gives a jar another time, as {@code cp -r} does. */
    private void changeAJar() throws IOException {
        try (Stream<Path> files = Files.list(inLib(""))) {
            Path jar = files.filter(file -> file.getFileName().toString().startsWith("postgresql-"))
                    .findFirst()
                    .orElseThrow();
            byte[] content = Files.readAllBytes(jar);
            Files.delete(jar); // other copies share the file
            Files.write(jar, content);
        }
    }

    private Path inLib(String name) {
        return program.folder().resolve("lib").resolve(name);
    }
}
