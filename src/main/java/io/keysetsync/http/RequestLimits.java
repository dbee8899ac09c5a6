package io.keysetsync.http;

import java.time.Duration;

/**
 * What one request may take.
 *
 * @param connectTimeout until there is a connection
 * @param responseTimeout until the next bytes of the answer
 * @param maxPageSize bytes of an answer's body, decompressed
 */
public record RequestLimits(Duration connectTimeout, Duration responseTimeout, long maxPageSize) {

    /** Until the last byte of the answer, however steadily its bytes may trickle in. */
    Duration deadline() {
        return connectTimeout.plus(responseTimeout);
    }
}
