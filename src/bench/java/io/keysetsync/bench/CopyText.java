package io.keysetsync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Rows as the text that PostgreSQL's {@code COPY} reads. */
final class CopyText {

    private CopyText() {}

    static byte[] line(Object[] row) {
        return Arrays.stream(row)
                .map(CopyText::escaped)
                .collect(Collectors.joining("\t", "", "\n"))
                .getBytes(UTF_8);
    }

    private static String escaped(Object value) {
        return value.toString()
                .replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
