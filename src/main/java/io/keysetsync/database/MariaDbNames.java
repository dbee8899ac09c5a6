package io.keysetsync.database;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of tables and columns in MariaDB (its manual, "Identifier Names"). */
final class MariaDbNames {

    private static final int LENGTH = 64;
    private static final char DELETE = 0x7f;

    private static final Set<String> INNODB_COLUMNS = Set.of("DB_ROW_ID", "DB_TRX_ID", "DB_ROLL_PTR", "FTS_DOC_ID");

    private MariaDbNames() {}

    static @Nullable String problemOf(String name) {
        if (name.codePointCount(0, name.length()) > LENGTH) {
            return "has more than the " + LENGTH + " characters of MariaDB's names";
        }
        if (name.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
            return "has characters that MariaDB's names can't have";
        }
        if (name.isEmpty()) {
            return "is empty";
        }
        if (INNODB_COLUMNS.contains(name.toUpperCase(Locale.ROOT))) {
            return "is that of a column that InnoDB's tables have by themselves";
        }
        return isBlank(name.charAt(0)) || isBlank(name.charAt(name.length() - 1))
                ? "begins or ends with a blank or a control character, which MariaDB's names can't"
                : null;
    }

    /** Whether MariaDB drops a character at the beginning or the end of a name, or refuses it there. */
    private static boolean isBlank(char c) {
        return c <= ' ' || c == DELETE || Character.isWhitespace(c);
    }

    /** A name without case and accents, which make no difference between names of columns. */
    static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .toUpperCase(Locale.ROOT);
    }
}
