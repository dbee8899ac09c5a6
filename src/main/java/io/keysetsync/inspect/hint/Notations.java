package io.keysetsync.inspect.hint;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The notations of times that APIs use most, to be tried one after the other, each text once. */
public final class Notations {

    private static final List<String> USUAL = List.of(
            "same",
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            "epochSeconds",
            "epochMillis",
            "yyyy-MM-dd HH:mm:ss",
            "yyyy-MM-dd'T'HH:mm:ss",
            "yyyy-MM-dd");

    /**
     * A notation to try.
     *
     * @param name the value of {@code cursorFormat}
     * @param sent the position to ask since, as this notation sends it
     */
    public record Trial(String name, CursorFormat format, Position sent) {}

    private final Set<String> tried = new HashSet<>();
    private final List<String> names = new ArrayList<>();
    private int at;

    /** @param sent the text that has been tried already */
    public Notations(String sent) {
        tried.add(sent);
    }

    /** The next notation to try for a position; null if there is none. */
    public @Nullable Trial next(Position position, CursorType type) {
        while (type == CursorType.TIME && at < USUAL.size()) {
            String name = USUAL.get(at++);
            CursorFormat format = CursorFormat.of(type, name, ZoneOffset.UTC);
            Position sent = format.asSent(position);
            if (tried.add(sent.text())) {
                names.add(sent.text());
                return new Trial(name, format, sent);
            }
        }
        return null;
    }

    /** The texts that were tried, for messages. */
    public String tried() {
        return String.join(", ", names);
    }
}
