package io.keysetsync.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In a plain context, which finds the placeholder by itself. */
class FilePropertiesFunctionTest {

    @TempDir
    private Path folder;

    private String resolved(String text) throws IOException {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.setProperty("a.password", "{{file:" + folder.resolve("secret") + "}}");
            context.getPropertiesComponent().setInitialProperties(settings);
            return context.resolvePropertyPlaceholders(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"p&s=w%41+#?é \"'\\)}RAW(x)${body}", " spaces ", "two\nlines", "", "x\n\n"})
    void isWhatTheFileHasWithoutTheLastLineBreak(String secret) throws IOException {
        for (String end : new String[] {"\n", "\r\n"}) {
            Files.writeString(folder.resolve("secret"), secret + end);

            assertThat(resolved("{{a.password}}")).isEqualTo(secret);
            assertThat(resolved("{{file:" + folder.resolve("secret") + "}}")).isEqualTo(secret);
        }
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(new byte[] {'a', (byte) 0xe9}, "is not text in UTF-8"),
                Arguments.of("s3{{cret}}".getBytes(StandardCharsets.UTF_8), "has double braces"),
                Arguments.of("s3cret{{".getBytes(StandardCharsets.UTF_8), "has double braces"),
                Arguments.of(
                        "s3cret\\x".getBytes(StandardCharsets.UTF_8),
                        "has a backslash as one of its last two characters"),
                Arguments.of(
                        "s3cret\\".getBytes(StandardCharsets.UTF_8),
                        "has a backslash as one of its last two characters"),
                Arguments.of(new byte[70_000], "has more than 65536 bytes"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatCannotBeASecretIsOneLineThatDoesNotQuoteIt(byte[] content, String said) throws IOException {
        Files.write(folder.resolve("secret"), content);

        assertThatThrownBy(() -> resolved("{{a.password}}"))
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .asString()
                .contains("the file '" + folder.resolve("secret") + "'", said)
                .doesNotContain("s3{", "s3cret", "cret}}");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> resolved("{{a.password}}"))
                .extracting(Errors::known)
                .asString()
                .contains("secret'", "does not exist; create it, or correct the path");
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        Files.createDirectory(folder.resolve("secret"));

        assertThatThrownBy(() -> resolved("{{a.password}}"))
                .extracting(Errors::known)
                .asString()
                .contains("can't be read");
    }
}
