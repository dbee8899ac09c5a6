package io.keysetsync.http;

import java.time.Duration;

/** Is told of each request of a stream, also those for tokens, once its answer has arrived or been given up. */
public interface RequestListener {

    /** The status of a request to which no answer came. */
    int NO_ANSWER = 0;

    /** Must return at once and throw nothing: a run waits for it. */
    void requested(int status, Duration took);
}
