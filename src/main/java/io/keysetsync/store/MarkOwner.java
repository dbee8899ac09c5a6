package io.keysetsync.store;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a mark belongs to: what it was read from, and the table of the rows up to it. Anywhere else it would hide records.
 *
 * @param url origin and path of the API; of a loopback address without the port; null if not known yet
 * @param table null if not known yet, or if the stream has another sink
 * @param keyColumns the table's key, sorted; null as {@code table} is
 * @param cursorField path of the records' cursor; null if not known yet
 */
public record MarkOwner(
        @Nullable String url, @Nullable String table, @Nullable String keyColumns, @Nullable String cursorField) {

    /** Nothing is known: the next run takes the mark. */
    static final MarkOwner UNKNOWN = new MarkOwner(null, null, null, null);

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /**
     * The owner that a stream's marks have.
     *
     * @param table null if the stream has another sink
     * @param key the key's columns
     */
    public static MarkOwner of(URI url, @Nullable String table, Collection<String> key, String cursorField) {
        String columns =
                table == null ? null : String.join(", ", key.stream().sorted().toList());
        return new MarkOwner(address(url), table, columns, cursorField);
    }

    private static String address(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost().toLowerCase(Locale.ROOT);
        boolean isDefault = url.getPort() == (scheme.equals("https") ? 443 : 80);
        boolean hasPort =
                url.getPort() >= 0 && !isDefault && !LOOPBACK.matcher(host).matches();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return scheme + "://" + host + (hasPort ? ":" + url.getPort() : "") + path;
    }

    /**
     * How a run's owner differs from this one, which was stored, in words; null if it doesn't. What is not known here does
     * not differ.
     */
    public @Nullable String differenceTo(MarkOwner run) {
        StringJoiner all = new StringJoiner(" and ").setEmptyValue("");
        add(all, "the url", url, run.url);
        add(all, "the table", table, run.table);
        add(all, "the key", keyColumns, run.keyColumns);
        add(all, "the cursor field", cursorField, run.cursorField);
        return all.length() == 0 ? null : all.toString();
    }

    private static void add(StringJoiner all, String what, @Nullable String stored, @Nullable String now) {
        if (stored != null && !stored.equals(now)) {
            all.add(what + " '" + stored + "', which is now " + (now == null ? "none" : "'" + now + "'"));
        }
    }

    /** Whether a mark with this owner is about a table, as far as is known. */
    boolean isOf(String other) {
        return table == null || Objects.equals(table, other);
    }
}
