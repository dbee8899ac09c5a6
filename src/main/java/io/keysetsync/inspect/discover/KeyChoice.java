package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.inspect.discover.Found.Sureness;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses the key among the fields of which each record has another value. */
final class KeyChoice {

    private static final Set<String> OF_ANY_RECORD =
            Set.of("uuid", "guid", "uid", "gid", "key", "pk", "oid", "objectid");
    private static final List<String> ENDS =
            List.of("id", "uuid", "guid", "key", "number", "code", "sku", "slug", "no");
    private static final int WEAK = 3;

    private final List<JsonNode> records;
    private final Set<String> names;
    private final String cursorField;

    private KeyChoice(List<JsonNode> records, Set<String> names, String cursorField) {
        this.records = records;
        this.names = names;
        this.cursorField = cursorField;
    }

    /**
     * The key of some records.
     *
     * @param records each once
     * @param names in lower case, of what the records are, such as {@code orders}
     * @throws UndecidedException if there is none, or if several are as likely
     */
    static Found among(List<JsonNode> records, Set<String> names, String cursorField) {
        return new KeyChoice(records, names, cursorField).choice();
    }

    private Found choice() {
        Set<String> fields = new LinkedHashSet<>();
        records.get(0).fieldNames().forEachRemaining(fields::add);
        List<String> unique = fields.stream()
                .filter(field -> !field.equals(cursorField) && isUnique(field))
                .toList();
        if (unique.isEmpty()) {
            throw new UndecidedException(
                    "no field is in all records and different in each, as a key has to be; name the"
                            + " fields that are a key together, as in -p primary_key=order_id,line");
        }
        int best = unique.stream().mapToInt(this::rank).min().orElseThrow();
        List<String> candidates =
                unique.stream().filter(field -> rank(field) == best).toList();
        if (candidates.size() > 1 || best == WEAK) {
            throw new UndecidedException("the key may be "
                    + candidates.stream().limit(5).collect(Collectors.joining(" or "))
                    + "; name the key, as in -p primary_key="
                    + candidates.get(0));
        }
        boolean isSeenOften = records.size() > 1;
        Sureness sureness = best == 0 && isSeenOften ? Sureness.SURE : isSeenOften ? Sureness.LIKELY : Sureness.GUESS;
        return new Found(
                "key",
                candidates.get(0),
                sureness,
                (isSeenOften ? "different in each of " + records.size() + " records" : "by its name")
                        + (unique.size() > 1
                                ? ", with the likeliest name of the " + unique.size() + " fields that are"
                                : ""));
    }

    private boolean isUnique(String field) {
        Set<String> seen = new HashSet<>();
        return records.stream()
                .map(record -> record.path(field))
                .allMatch(value -> isKey(value) && seen.add(value.asText()));
    }

    private static boolean isKey(JsonNode value) {
        return (value.isTextual() && !value.textValue().isBlank()) || value.isIntegralNumber();
    }

    private int rank(String field) {
        String plain = field.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
        if (plain.equals("id")) {
            return 0;
        }
        if (OF_ANY_RECORD.contains(plain) || names.stream().anyMatch(name -> plain.equals(singular(name) + "id"))) {
            return 1;
        }
        return ENDS.stream().anyMatch(plain::endsWith) ? 2 : WEAK;
    }

    private static String singular(String name) {
        String plain = name.replaceAll("[^a-z0-9]", "");
        if (plain.endsWith("ies")) {
            return plain.substring(0, plain.length() - 3) + "y";
        }
        return plain.endsWith("s") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
