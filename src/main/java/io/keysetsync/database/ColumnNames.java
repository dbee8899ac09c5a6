package io.keysetsync.database;

import io.keysetsync.table.ColumnNaming;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Predicate;

/** Names of columns for fields that the schema doesn't name. */
public final class ColumnNames {

    private static final int READABLE = 40;
    private static final int HASH_BYTES = 4;

    private ColumnNames() {}

    /**
     * The name as the stream names columns. If the database can't have that name, or another column has it: one made of its
     * readable part and a hash, always the same for the same field.
     */
    public static String of(String field, ColumnNaming naming, Database database, Predicate<String> isTaken) {
        String name = naming.of(field);
        return database.problemOf(name) == null && !isTaken.test(name) ? name : hashed(name, field);
    }

    /** The name with a hash. */
    public static String hashed(String name) {
        return hashed(name, name);
    }

    private static String hashed(String name, String field) {
        String readable = name.replaceAll("[^A-Za-z0-9_]+", "_");
        return readable.substring(0, Math.min(READABLE, readable.length())) + "_" + hash(field);
    }

    private static String hash(String field) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(field.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
