package io.keysetsync.paging;

import org.jspecify.annotations.Nullable;

/** The next thing to ask the API for. */
public sealed interface PageRequest {

    /** Whether this request goes on with a scroll, so that the API may refuse its token (rule 8). */
    boolean continuesScroll();

    /**
     * All that changed since a cursor: the first request of a scroll.
     *
     * @param cursor as the API wrote it; null or empty to send none
     */
    record Since(@Nullable String cursor) implements PageRequest {
        @Override
        public boolean continuesScroll() {
            return false;
        }
    }

    /** The page that a token of the last one stands for. */
    record Continue(String token) implements PageRequest {
        @Override
        public boolean continuesScroll() {
            return true;
        }
    }
}
