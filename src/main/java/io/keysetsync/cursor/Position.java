package io.keysetsync.cursor;

import java.math.BigInteger;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value of the cursor: the API's own text, which is stored and sent back, and what the text means, by which positions
 * are compared (rule 2). A {@link CursorFormat} reads the positions of a stream; all of them are of one type.
 */
public sealed interface Position extends Comparable<Position> {

    /** The API's own text. */
    String text();

    /** A position of type {@code time}, compared as an instant. */
    record TimePosition(String text, Instant instant) implements Position {
        @Override
        public int compareTo(Position other) {
            return instant.compareTo(((TimePosition) other).instant);
        }
    }

    /** A position of type {@code number}, compared as an integer; {@code 5} and {@code 5.0} are the same one. */
    record NumberPosition(String text, BigInteger number) implements Position {
        @Override
        public int compareTo(Position other) {
            return number.compareTo(((NumberPosition) other).number);
        }
    }

    /** A position of type {@code text}, compared by Unicode code points. */
    record TextPosition(String text) implements Position {

        /** {@inheritDoc} Java's own order puts surrogates, of which code points from U+10000 on are made, before U+E000. */
        @Override
        public int compareTo(Position other) {
            String a = text;
            String b = other.text();
            int shorter = Math.min(a.length(), b.length());
            for (int i = 0; i < shorter; i++) {
                char x = a.charAt(i);
                char y = b.charAt(i);
                if (x != y) {
                    boolean isFirst = Character.isSurrogate(x);
                    return isFirst == Character.isSurrogate(y) ? Character.compare(x, y) : isFirst ? 1 : -1;
                }
            }
            return Integer.compare(a.length(), b.length());
        }
    }

    /** Whether {@code a} is later than {@code b}; null is before everything. */
    static boolean isAfter(@Nullable Position a, @Nullable Position b) {
        return a != null && (b == null || a.compareTo(b) > 0);
    }

    /** The later of two; null is before everything. The first of them if they are the same position. */
    static @Nullable Position later(@Nullable Position a, @Nullable Position b) {
        return isAfter(b, a) ? b : a;
    }
}
