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
import org.jspecify.annotations.Nullable;

/**
 * The placeholder <code>{{file:/run/secrets/token}}</code>: the content of a file, without the line break at its
 * end. Camel finds this function in every context that has this jar.
 */
public final class FilePropertiesFunction implements LiteralFunction {

    /** A larger file is no secret, but a mistake. */
    private static final long LONGEST = 64 << 10;

    @Override
    public String getName() {
        return "file";
    }

    /**
     * Reads a file for Camel.
     *
     * @throws ConfigurationException naming the file, if the file can't be read or Camel would change its content
     */
    @Override
    public String apply(String remainder) {
        return LiteralText.checked(literal(remainder), "the file '" + remainder + "'");
    }

    /**
     * Reads a file.
     *
     * @param path a relative one begins at the working folder
     * @throws ConfigurationException naming the file, and nothing of its content
     */
    @Override
    public String literal(String path) {
        try {
            Path file = Path.of(path);
            if (Files.size(file) > LONGEST) {
                throw wrong(path, "has more than " + LONGEST + " bytes; is it the right file?", null);
            }
            return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
        } catch (NoSuchFileException e) {
            throw wrong(path, "does not exist; create it, or correct the path", e);
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
