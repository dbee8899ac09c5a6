package io.keysetsync.metrics;

import io.keysetsync.RunEvent;
import java.time.Duration;

/** Counts what happens in the streams of one context. */
interface Meters {

    /** Counts nothing. */
    Meters NONE = new Meters() {
        @Override
        public void added(String stream) {}

        @Override
        public void removed(String stream) {}

        @Override
        public void requested(String stream, int status, Duration took) {}

        @Override
        public void retried(String stream) {}

        @Override
        public void happened(RunEvent event) {}
    };

    /** Begins to show a stream. */
    void added(String stream);

    /** Stops showing a stream. */
    void removed(String stream);

    /** Counts a request by the status of its answer, or {@link io.keysetsync.http.RequestListener#NO_ANSWER}. */
    void requested(String stream, int status, Duration took);

    void retried(String stream);

    void happened(RunEvent event);
}
