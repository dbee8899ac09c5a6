package io.keysetsync.paging;

import org.jspecify.annotations.Nullable;

/** A request for a page. */
public sealed interface PageRequest {

    /** Whether this request continues a scroll, so that the API may refuse the token (rule 8). */
    boolean continuesScroll();

    /**
     * Asks for all that changed since a cursor: the first request of a scroll.
     *
     * @param cursor as the API wrote it; null or empty to send none
     */
    record Since(@Nullable String cursor) implements PageRequest {
        @Override
        public boolean continuesScroll() {
            return false;
        }
    }

    /** Asks for the next page, by the token of the page before. */
    record Continue(String token) implements PageRequest {
        @Override
        public boolean continuesScroll() {
            return true;
        }
    }
}
