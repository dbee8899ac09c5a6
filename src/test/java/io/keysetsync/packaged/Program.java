package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A copy of the packaged program in a folder of its own, whose name has a space, and the processes started from it. They
 * are started in another folder. Closing it kills what still runs.
 */
final class Program implements AutoCloseable {

    private static final Path PACKAGED = Path.of("target", "keyset-sync");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A process lives for seconds: what a longer one would win by the second compiler, these would lose at start. */
    private static final String LEAN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m";

    private final Path folder;
    private final Path elsewhere;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> settings = new ArrayList<>();
    private final List<Running> started = new ArrayList<>();
    private final AtomicInteger outputs = new AtomicInteger();

    private Program(Path temp) {
        folder = temp.resolve("keyset sync");
        elsewhere = temp.resolve("elsewhere");
        environment.put("JAVA_OPTS", LEAN);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    /** A fresh copy. */
    static Program in(Path temp) {
        return copyOf(PACKAGED, temp);
    }

    /** A fresh copy that is a node of the cluster on a database, and has no stream yet. */
    static Program node(Path temp, TestDatabase database) {
        return in(temp).withoutUser()
                .with("sync.cluster", true)
                .with("sync.demo-api", false)
                .with("sync.database.url", database.url())
                .with("sync.database.username", database.username())
                .with("sync.database.password", database.password());
    }

    /** A copy of this copy, with the data that it has. */
    Program copyTo(Path temp) {
        Program copy = copyOf(folder, temp);
        copy.settings.addAll(settings);
        return copy;
    }

    private static Program copyOf(Path from, Path temp) {
        Program program = new Program(temp);
        try (Stream<Path> files = Files.walk(from)) {
            Files.createDirectories(program.elsewhere);
            for (Path file : files.sorted().toList()) {
                program.take(file, from.relativize(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return program;
    }

    /** With its time, by which the JVM tells whether the archive of classes fits; what only fills the disk is shared. */
    private void take(Path file, Path name) throws IOException {
        Path copy = folder.resolve(name.toString());
        if (name.startsWith("lib") && Files.isRegularFile(file)) {
            try {
                Files.createLink(copy, file);
                return;
            } catch (IOException | UnsupportedOperationException e) {
                // another file system
            }
        }
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** All processes get this setting, as {@code -Dkey=value}. */
    Program with(String key, Object value) {
        settings.add("-D" + key + "=" + value);
        return this;
    }

    /** All processes get this environment variable. */
    Program environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Changes one of the copy's files. */
    Program edit(String file, UnaryOperator<String> change) {
        Path path = folder.resolve(file);
        try {
            String changed = change.apply(Files.readString(path));
            Files.writeString(path, changed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Adds a parameter to the source Kamelet of the shipped stream. */
    Program parameter(String name, String value) {
        return edit(
                "routes/user.camel.yaml",
                yaml -> yaml.replaceFirst("( +)stream: user\n", "$1stream: user\n$1" + name + ": \"" + value + "\"\n"));
    }

    /** Leaves out the shipped stream. */
    Program withoutUser() {
        delete("routes/user.camel.yaml");
        delete("routes/user.schema.json");
        return this;
    }

    /** Adds a stream that is like the shipped one. */
    Program stream(String file, String name, String url, String schedule) {
        Path routes = folder.resolve("routes");
        try {
            Files.writeString(
                    routes.resolve(file + ".camel.yaml"),
                    Files.readString(PACKAGED.resolve("routes/user.camel.yaml"))
                            .replaceAll("\\bid: (user|users|save-users)\\b", "id: " + file + "-$1")
                            .replace("stream: user", "stream: \"" + name + "\"")
                            .replace("user.schema.json", file + ".schema.json")
                            .replace("{{sync.user.url}}", url)
                            .replace("{{sync.user.schedule}}", schedule));
            Files.writeString(
                    routes.resolve(file + ".schema.json"),
                    Files.readString(PACKAGED.resolve("routes/user.schema.json"))
                            .replace("\"table\": \"user\"", "\"table\": \"" + file + "\""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    void delete(String file) {
        try {
            Files.delete(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** The database that the copy has unless set otherwise. */
    Saved saved() {
        return Saved.in("jdbc:h2:file:" + folder.resolve("data/keyset-sync"));
    }

    /** Starts the program and waits for its end. */
    Ended run(String... arguments) {
        return start(arguments).end();
    }

    Running start(String... arguments) {
        return startBehind(List.of(), arguments);
    }

    /** Starts the program behind another command that sets something and then becomes it, as {@code env} does. */
    Running startBehind(List<String> command, String... arguments) {
        List<String> line = new ArrayList<>(command);
        line.add(folder.resolve("bin/keyset-sync").toString());
        line.addAll(settings);
        line.addAll(Arrays.asList(arguments));
        int number = outputs.incrementAndGet();
        Path out = elsewhere.resolve(number + ".out");
        Path err = elsewhere.resolve(number + ".err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(elsewhere.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        try {
            Running running = new Running(builder.start(), out, err);
            started.add(running);
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        started.stream()
                .map(Running::process)
                .filter(Process::isAlive)
                .sorted(Comparator.comparing(Process::pid))
                .forEach(process -> process.destroyForcibly().onExit().join());
    }

    /** A process, which is the JVM itself, because the start script becomes it. */
    record Running(Process process, Path out, Path err) {

        /** Whether this process has the name of a node. */
        boolean isNode(String name) {
            return name.contains("-" + process.pid() + "-");
        }

        String stdout() {
            return read(out);
        }

        String stderr() {
            return read(err);
        }

        /** Sends a signal: {@code TERM}, {@code KILL}, {@code STOP}. */
        void signal(String name) {
            try {
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .onExit()
                        .join();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for a text on stderr. */
        void awaitStderr(String text) {
            awaitStderr(text, 0);
        }

        /** Waits for a text on stderr, behind the first {@code skipped} characters. */
        void awaitStderr(String text, int skipped) {
            await(text).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                boolean alive = process.isAlive();
                boolean there = stderr().indexOf(text, skipped) >= 0;
                assertThat(alive || there).as(stderr()).isTrue();
                return there;
            });
        }

        Ended end() {
            return end(PATIENCE);
        }

        /** Waits for its end; fails with what its threads are doing. */
        Ended end(Duration patience) {
            try {
                await("end of the process")
                        .atMost(patience)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> !process.isAlive());
            } catch (ConditionTimeoutException e) {
                signal("QUIT");
                await("thread dump").until(() -> stdout().contains("Metaspace"));
                throw new AssertionError("still running after " + patience + ":\n" + stderr() + stdout(), e);
            }
            return new Ended(process.exitValue(), stdout(), stderr());
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What a process left. */
    record Ended(int code, String stdout, String stderr) {

        /** Its error lines: those of the program itself, and those of its log. */
        List<String> errors() {
            return stderr.lines()
                    .filter(line -> line.startsWith("keyset-sync: ") || line.contains(" ERROR "))
                    .toList();
        }
    }
}
