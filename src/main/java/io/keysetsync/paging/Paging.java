package io.keysetsync.paging;

import io.keysetsync.cursor.Progress;
import org.jspecify.annotations.Nullable;

/** Decides what to ask an API for, page after page. One implementation per kind of paging, one instance per run. */
public interface Paging {

    /**
     * Begins a scroll.
     *
     * @param cursor in the form in which it is sent; null or empty to send none
     */
    PageRequest first(@Nullable String cursor);

    /**
     * Decides what follows a page that was saved.
     *
     * @param progress of the run, this page included
     * @throws io.keysetsync.TerminalException if the API's pages would never end
     */
    Next after(Page page, Progress progress);
}
