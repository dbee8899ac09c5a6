package io.keysetsync.run;

import org.jspecify.annotations.Nullable;

/**
 * The request with which a run begins, for people: without headers and body, and with no value but those of the cursor.
 *
 * @param url with the query, percent-encoded
 * @param cursor as it is sent; null if the run asks for everything
 * @param until the end of the time that is asked for, as it is sent; null if it isn't sent
 */
public record FirstRequest(String method, String url, @Nullable String cursor, @Nullable String until) {}
