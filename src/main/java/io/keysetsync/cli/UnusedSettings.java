package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/** Finds the {@code sync.} settings of a command line that neither the program nor a route reads: they are misspelt. */
final class UnusedSettings {

    private final Set<String> used = ConcurrentHashMap.newKeySet();

    /** Records every setting that is read from now on; must be called before the context reads any. */
    void watch(CamelContext context) {
        context.getPropertiesComponent()
                .addPropertiesLookupListener((name, value, defaultValue, source) -> used.add(name));
    }

    /**
     * Refuses given settings that nothing has read. A setting that stands in the file is accepted even if nothing has
     * read it.
     *
     * @throws ConfigurationException naming the first of them
     */
    void refuse(Collection<String> given, Path file) {
        Properties known = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            known.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        given.stream()
                .filter(key -> key.startsWith("sync.") && !used.contains(key) && !known.containsKey(key))
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw new ConfigurationException("-D" + key + ": neither " + file + " nor a route has a setting of"
                            + " this name; check how it is spelt, or add it to " + file);
                });
    }
}
