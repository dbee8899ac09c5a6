package io.keysetsync.pool;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A password that the program has generated, in a file that nobody but its owner can read. */
final class OwnersPassword {

    private static final int BYTES = 24;

    private OwnersPassword() {}

    /**
     * The password in a file; null if there is no such file.
     *
     * @throws ConfigurationException if the file can't be read, or is empty
     */
    static @Nullable String read(Path file) {
        try {
            String password = Files.readString(file).strip();
            if (password.isEmpty()) {
                throw new ConfigurationException("database: the file '" + file + "', which keeps the database's"
                        + " password, is empty; put it back from a backup, or delete it if the database never had one");
            }
            return password;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw wrong(file, "read", e);
        }
    }

    /**
     * The password in a file, which is made if it is missing. The file appears as a whole, or not at all; of two programs
     * that make it at the same time, both get the password of one.
     *
     * @throws ConfigurationException if the file can be neither read nor made
     */
    static String readOrCreate(Path file) {
        String known = read(file);
        if (known != null) {
            return known;
        }
        try {
            create(file);
        } catch (IOException e) {
            throw wrong(file, "written", e);
        }
        return String.valueOf(read(file));
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path whole = Files.createTempFile(folder, ".keyset-sync", ".password"); // readable for its owner alone
        try {
            byte[] password = new byte[BYTES];
            new SecureRandom().nextBytes(password);
            Files.writeString(whole, HexFormat.of().formatHex(password) + "\n");
            try (FileChannel written = FileChannel.open(whole, StandardOpenOption.WRITE)) {
                written.force(true); // on disk before the database has this password
            }
            publish(whole, file);
        } catch (FileAlreadyExistsException e) {
            // another program was faster
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static void publish(Path whole, Path file) throws IOException {
        try {
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(whole, file); // the file system has no links
        }
    }

    private static ConfigurationException wrong(Path file, String what, IOException e) {
        return new ConfigurationException(
                "database: the file '" + file + "', which keeps the database's password, can't be " + what + " ("
                        + Errors.message(e) + "); make it and its folder readable and writable for this user",
                e);
    }
}
