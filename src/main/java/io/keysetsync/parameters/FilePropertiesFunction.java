package io.keysetsync.parameters;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.camel.spi.PropertiesFunction;
import org.jspecify.annotations.Nullable;

/**
 * The placeholder <code>{{file:/run/secrets/token}}</code>: what a file has, without the line break at its end. Camel
 * finds it in every context that has this jar.
 */
public final class FilePropertiesFunction implements PropertiesFunction {

    /** More is no secret, but a mistake. */
    private static final long LONGEST = 64 << 10;

    @Override
    public String getName() {
        return "file";
    }

    /**
     * Reads a file.
     *
     * @param remainder its path; relative to the working folder
     * @throws ConfigurationException naming the file, and nothing of what it has
     */
    @Override
    public String apply(String remainder) {
        String text = read(remainder);
        if (text.contains("{{") || text.contains("}}")) {
            throw wrong(remainder, "has double braces, which Camel would take for a placeholder", null);
        }
        return text;
    }

    private static String read(String path) {
        try {
            Path file = Path.of(path);
            if (Files.size(file) > LONGEST) {
                throw wrong(path, "has more than " + LONGEST + " bytes; is it the right file?", null);
            }
            return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
        } catch (NoSuchFileException e) {
            throw wrong(path, "is not there; create it, or correct the path", e);
        } catch (CharacterCodingException e) {
            throw wrong(path, "is not text in UTF-8", e);
        } catch (IOException | InvalidPathException e) {
            throw wrong(path, "can't be read: " + Errors.describe(e), e);
        }
    }

    private static ConfigurationException wrong(String path, String what, @Nullable Exception e) {
        return new ConfigurationException("a setting takes its value from the file '" + path + "', which " + what, e);
    }
}
