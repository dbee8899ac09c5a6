package io.keysetsync.paging;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Progress;
import io.keysetsync.request.PageRequest;
import io.keysetsync.request.RequestFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides what to ask an API for, page after page. One implementation per kind of paging, one instance per run. */
public interface Paging {

    /**
     * The paging of one run of a stream.
     *
     * @param reanchors in which form the cursor is sent, if each page is followed by asking since its cursor; else null
     */
    static Paging of(PagingRules rules, RequestFormat format, @Nullable CursorFormat reanchors) {
        Supplier<Paging> lists = () -> switch (rules.kind()) {
            case SCROLL, LAST_RECORD -> new TokenPaging(rules);
            case LINK, LINK_HEADER -> new LinkPaging(rules, format);
            case PAGE, OFFSET -> new CountedPaging(rules);
        };
        return reanchors == null ? lists.get() : new ReanchorPaging(lists, reanchors);
    }

    /**
     * Begins a scroll.
     *
     * @param cursor in the form in which it is sent; null or empty to send none
     * @param until the end of the time to ask for, in the form in which it is sent; null to send none
     */
    PageRequest first(@Nullable String cursor, @Nullable String until);

    /** Whether a page that has arrived is the last one of its scroll. */
    boolean isLast(Page page);

    /**
     * Decides what follows a page that was saved.
     *
     * @param progress of the run, this page included
     * @throws io.keysetsync.TerminalException if the API's pages would never end
     */
    Next after(Page page, Progress progress);
}
