package io.keysetsync.cli.add;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;

/** The two files of a new stream in {@code routes/}: both are written, or none. */
public final class StreamFiles {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_-]{0,99}");
    private static final Path FOLDER = Path.of("routes");

    private final Path route;
    private final Path schema;

    private StreamFiles(String stream) {
        this.route = FOLDER.resolve(stream + ".camel.yaml");
        this.schema = FOLDER.resolve(stream + ".schema.json");
    }

    /**
     * The files of a stream.
     *
     * @throws ConfigurationException if the name can't be that of a file
     */
    public static StreamFiles named(String stream) {
        if (!NAME.matcher(stream).matches()) {
            throw new ConfigurationException(
                    "stream '" + stream + "' can't be the name of a file; use letters, digits, _"
                            + " and -, at most 100 of them, and no - at its beginning");
        }
        return new StreamFiles(stream);
    }

    /**
     * The files of a stream, which don't exist yet.
     *
     * @throws ConfigurationException if the name can't be that of a file, or is taken, or the folder can't be written
     */
    public static StreamFiles unwritten(String stream) {
        StreamFiles files = named(stream);
        for (Path file : List.of(files.route, files.schema)) {
            if (Files.exists(file)) {
                throw new ConfigurationException("there is a file " + file
                        + " already; choose another name for the stream," + " or move the file away");
            }
        }
        if (!Files.isDirectory(FOLDER) || !Files.isWritable(FOLDER)) {
            throw new ConfigurationException("the folder " + FOLDER.toAbsolutePath()
                    + " can't be written; make it writable, or start in another folder");
        }
        return files;
    }

    /** The resource of the schema, as the route names it. */
    public String schemaResource() {
        return "file:" + schema.toString().replace('\\', '/');
    }

    /** Writes both files, the route last, because a program in development mode starts what it finds there. */
    public void write(String routeText, String schemaText) {
        try {
            Files.writeString(schema, schemaText, StandardOpenOption.CREATE_NEW);
            try {
                Files.writeString(route, routeText, StandardOpenOption.CREATE_NEW);
            } catch (IOException e) {
                Files.deleteIfExists(schema);
                throw e;
            }
        } catch (IOException e) {
            throw new ConfigurationException(
                    "the files in " + FOLDER.toAbsolutePath() + " can't be written: " + Errors.describe(e), e);
        }
    }

    @Override
    public String toString() {
        return route + " and " + schema;
    }
}
