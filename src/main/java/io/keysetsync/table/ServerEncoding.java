package io.keysetsync.table;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The characters that text in a database can have: almost always all of Unicode. */
public final class ServerEncoding {

    /** All characters but U+0000 and halves of surrogate pairs. */
    public static final ServerEncoding UNICODE = new ServerEncoding("UTF8", StandardCharsets.UTF_8);

    /** U+0000, and halves of surrogate pairs, which UTF-8 can't express. */
    private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\p{Cs}]");

    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x01-\\x7f]");

    private final String name;
    private final Charset charset;

    private ServerEncoding(String name, Charset charset) {
        this.name = name;
        this.charset = charset;
    }

    /**
     * The encoding that PostgreSQL calls so. SQL_ASCII keeps the bytes of UTF-8 as they are. Of an encoding that Java does
     * not know for sure to be the same, only the characters of ASCII are taken for storable.
     */
    public static ServerEncoding of(String name) {
        if (name.equals("UTF8") || name.equals("SQL_ASCII")) {
            return UNICODE;
        }
        return new ServerEncoding(
                name,
                switch (name) {
                    case "LATIN1" -> StandardCharsets.ISO_8859_1;
                    case "WIN1250", "WIN1251", "WIN1252", "WIN1253", "WIN1254", "WIN1257" ->
                        Charset.forName("windows-" + name.substring("WIN".length()));
                    case "LATIN2" -> Charset.forName("ISO-8859-2");
                    case "LATIN5" -> Charset.forName("ISO-8859-9");
                    case "LATIN9" -> Charset.forName("ISO-8859-15");
                    default -> StandardCharsets.US_ASCII;
                });
    }

    /** Whether text can have all these characters, as far as that is known; the database refuses others. */
    public boolean canKeep(String text) {
        return charset.equals(StandardCharsets.US_ASCII) || charset.newEncoder().canEncode(text);
    }

    /** What is wrong with text that has other characters. */
    public String problem() {
        return "has characters that the database's encoding " + name + " lacks";
    }

    /** The text with the characters that the database can't keep as JSON escapes them; they would fail the statement. */
    public String storable(String text) {
        return escaped(
                charset.equals(StandardCharsets.UTF_8) || charset.newEncoder().canEncode(text) ? UNSTORABLE : NOT_ASCII,
                text);
    }

    private static String escaped(Pattern characters, String text) {
        return characters
                .matcher(text)
                .replaceAll(each ->
                        each.group().chars().mapToObj("\\\\u%04x"::formatted).collect(Collectors.joining()));
    }
}
