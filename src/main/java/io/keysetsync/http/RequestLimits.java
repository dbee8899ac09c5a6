package io.keysetsync.http;

import java.time.Duration;

/**
 * The limits of one request.
 *
 * @param connectTimeout the longest time until there is a connection
 * @param responseTimeout the longest time until the next bytes of the answer
 * @param maxPageSize the most bytes of an answer's body, decompressed
 */
public record RequestLimits(Duration connectTimeout, Duration responseTimeout, long maxPageSize) {

    /** The longest time until the last byte of the answer, even if bytes keep arriving. */
    Duration deadline() {
        return connectTimeout.plus(responseTimeout);
    }
}
