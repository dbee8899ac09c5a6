package io.keysetsync.paging;

import io.keysetsync.cursor.Progress;
import org.jspecify.annotations.Nullable;

/** What to ask an API for, page after page. One implementation per kind of paging, one instance per run. */
public interface Paging {

    /**
     * Begins a scroll.
     *
     * @param cursor as it is sent; null or empty to send none
     */
    PageRequest first(@Nullable String cursor);

    /**
     * Decides what follows a page that was saved.
     *
     * @param progress of the run, this page included
     * @throws io.keysetsync.TerminalException if the API would never come to an end
     */
    Next after(Page page, Progress progress);
}
