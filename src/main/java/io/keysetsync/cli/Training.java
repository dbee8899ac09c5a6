package io.keysetsync.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Loads the classes that most commands need, for the archive from which the JVM then starts faster
 * ({@code bin/class-archive}): syncs from the sample API in the working directory, which should be an empty one. None of
 * the user's files is read, and none of the user's databases opened.
 */
final class Training {

    private static final List<String> FILES = List.of(
            "application.properties",
            "routes/demo-api.camel.yaml",
            "routes/training.camel.yaml",
            "routes/training.schema.json");

    /** Drivers that the sync does not load; each by a class in its jar. */
    private static final List<String> DRIVERS = List.of("org.postgresql.Driver", "org.mariadb.jdbc.Driver");

    private Training() {}

    /** Ends the process with the exit code of the sync. */
    public static void main(String[] args) throws Exception {
        for (String file : FILES) {
            copy(file);
        }
        for (String driver : DRIVERS) {
            loadJarOf(Class.forName(driver));
        }
        int port = freePort();
        System.exit(new KeysetSync()
                .execute(
                        "once",
                        "-Dsync.demo-api=true",
                        "-Dsync.demo-api.port=" + port,
                        "-Dsync.database.url=jdbc:h2:file:./data/training",
                        "-Dsync.database.username=",
                        "-Dsync.database.password="));
    }

    private static void copy(String file) throws IOException {
        Path target = Path.of(file);
        if (target.getParent() != null) {
            Files.createDirectories(target.getParent());
        }
        try (InputStream given = Training.class.getResourceAsStream("training/" + file)) {
            Files.copy(Objects.requireNonNull(given, file), target); // never over an existing file
        }
    }

    private static void loadJarOf(Class<?> type) throws IOException, URISyntaxException {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile opened = new JarFile(jar.toFile());
                Stream<JarEntry> entries = opened.stream()) {
            entries.map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF") && !name.contains("-info"))
                    .map(name -> name.replace(".class", "").replace('/', '.'))
                    .forEach(Training::load);
        }
    }

    private static void load(String type) {
        try {
            Class.forName(type, false, Training.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            return; // needs an optional library that is not here
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }
}
