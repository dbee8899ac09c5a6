package io.keysetsync.pool;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of an H2 database.
 *
 * @param url that names the file
 * @param path the file's path, without its ending
 */
record H2File(String url, String path) {

    private static final Logger LOG = LoggerFactory.getLogger(H2File.class);

    /** A file's path, which may be written without {@code file:}; not a database in memory or on a server. */
    private static final Pattern URL =
            Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:|zip:)(?:file:)?([^;]+).*", Pattern.CASE_INSENSITIVE);

    /** The file that a URL names; null if the URL names another kind of database. */
    static @Nullable H2File of(String url) {
        Matcher h2 = URL.matcher(url);
        return h2.matches()
                ? new H2File(
                        url, h2.group(1).replaceFirst("^~", Matcher.quoteReplacement(System.getProperty("user.home"))))
                : null;
    }

    Path data() {
        return Path.of(path + ".mv.db");
    }

    /** Whether the database does not exist yet. */
    boolean isMissing() {
        return !Files.exists(data());
    }

    /** The file that keeps the password which the program has given the database. */
    Path password() {
        return Path.of(path + ".password");
    }

    /** Whether the URL itself says who opens the database. */
    boolean namesUser() {
        return has("USER") || has("PASSWORD");
    }

    /**
     * An H2 file can be opened by several processes of this machine (H2's manual, "Automatic Mixed Mode"), so that other
     * commands work beside a running {@code run}; on loopback alone. A commit is written at once, so that a killed
     * process has lost none (H2's manual, "SET WRITE_DELAY"; its default is half a second).
     */
    String shared() {
        if (System.getProperty("h2.bindAddress") == null) {
            System.setProperty("h2.bindAddress", "127.0.0.1");
        }
        return url + (has("AUTO_SERVER") ? "" : ";AUTO_SERVER=TRUE") + (has("WRITE_DELAY") ? "" : ";WRITE_DELAY=0");
    }

    private boolean has(String setting) {
        return url.toUpperCase(Locale.ROOT).contains(";" + setting + "=");
    }

    /** H2 itself would open such a file for reading, and then say that it can't share it; or show a stack trace. */
    void requireWritable() {
        Path existing = data().toAbsolutePath().normalize().getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent(); // missing folders are made
        }
        if (existing != null && !Files.isDirectory(existing)) {
            throw unwritable("'" + existing + "' is not a folder; move it away");
        }
        if (existing != null && !Files.isWritable(existing)) {
            throw unwritable("make the folder '" + existing + "' and what is in it writable for this user");
        }
        if (Files.exists(data()) && !Files.isWritable(data())) {
            throw unwritable("make the file writable for this user");
        }
    }

    /** Makes the folder if it is missing; nobody but its owner may enter it. */
    void createFolder() {
        Path folder = data().toAbsolutePath().normalize().getParent();
        try {
            try {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (UnsupportedOperationException e) {
                Files.createDirectories(folder); // a file system with other permissions
            }
        } catch (IOException e) {
            throw unwritable("make the folder '" + folder + "', which can't be made (" + Errors.message(e) + ")");
        }
    }

    /** Keeps everybody but the owner from reading the file. */
    void restrict() {
        try {
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rw-------"));
        } catch (UnsupportedOperationException | IOException e) {
            LOG.debug("{} could not be restricted to its owner", data(), e);
        }
    }

    private ConfigurationException unwritable(String remedy) {
        return new ConfigurationException(
                "database: '" + data() + "' can't be written; " + remedy + ", or set sync.database.url to another one");
    }
}
