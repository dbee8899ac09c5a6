package io.keysetsync.cursor;

import org.jspecify.annotations.Nullable;

/**
 * A stream's stored cursor.
 *
 * @param cursor the API's own text; null if the stream has none yet
 * @param version counts the moves; compared and set in each page's transaction (rule 10)
 */
public record Mark(@Nullable String cursor, long version) {}
