package io.keysetsync.console;

import io.keysetsync.pool.StandaloneDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token of a running program's console, in a file that only the program's owner can read. */
final class TokenFile {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private static final int TOKEN_BYTES = 32;

    private static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<?>[] OWNERS_FOLDER = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };
    private static final FileAttribute<?>[] NONE = {};

    private final Path file;
    private final String token;

    private TokenFile(Path file, String token) {
        this.file = file;
        this.token = token;
    }

    String token() {
        return token;
    }

    Path file() {
        return file;
    }

    /**
     * Writes a new token to the first of the folders that can take it.
     *
     * @return empty if none can
     */
    static Optional<TokenFile> create(ConsoleSettings settings, int port) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        for (Path file : places(settings, port)) {
            try {
                write(file, token);
                return Optional.of(new TokenFile(file, token));
            } catch (IOException e) {
                LOG.debug("{} can't be written", file, e);
            }
        }
        return Optional.empty();
    }

    /** Creates the file again, so that neither its old permissions nor a link in its place matter. */
    private static void write(Path file, String token) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()), isPosix(file) ? OWNERS_FOLDER : NONE);
        Files.deleteIfExists(file);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        byte[] line = (token + "\n").getBytes(StandardCharsets.US_ASCII);
        try (var channel = isPosix(file)
                ? Files.newByteChannel(file, options, OWNER_ALONE)
                : Files.newByteChannel(file, options)) {
            channel.write(ByteBuffer.wrap(line));
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** The token that a running program has written for a port; null if there is none. */
    static @Nullable String read(ConsoleSettings settings, int port) {
        for (Path file : places(settings, port)) {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                LOG.debug("{} can't be read", file, e);
            }
        }
        return null;
    }

    /** Where the file of a port may be: the first place is the best one. */
    private static List<Path> places(ConsoleSettings settings, int port) {
        List<Path> folders = new ArrayList<>();
        String ofSession =
                System.getenv("XDG_RUNTIME_DIR"); // the user's alone, by the XDG Base Directory Specification
        if (ofSession != null && !ofSession.isEmpty()) {
            folders.add(Path.of(ofSession));
        }
        folders.add(StandaloneDatabase.folderOf(settings.database()).orElse(Path.of("data")));
        return folders.stream()
                .map(folder -> folder.resolve("console-" + port + ".token"))
                .toList();
    }

    /** Deletes the file; the token is no longer valid. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} can't be deleted", file, e);
        }
    }
}
