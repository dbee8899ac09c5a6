package io.keysetsync.paging;

import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Asks for all since the greatest cursor seen, and follows the token only if that request would make no progress
 * ({@code paging: reanchor}).
 */
public final class ReanchorPaging implements Paging {

    private final ScrollPaging scroll;

    /**
     * Makes the paging of one run.
     *
     * @param scroll follows the token if asking since the cursor would make no progress
     */
    public ReanchorPaging(ScrollPaging scroll) {
        this.scroll = scroll;
    }

    @Override
    public PageRequest first(@Nullable String cursor) {
        return scroll.first(cursor);
    }

    @Override
    public Next after(Page page, Progress progress) {
        if (page.token() == null || !progress.canReanchor()) {
            return scroll.after(page, progress);
        }
        scroll.countEmptyPages(page);
        Progress reanchored = progress.reanchored();
        Position anchor = reanchored.scroll().start();
        return new Next.Ask(first(anchor == null ? null : anchor.text()), reanchored);
    }
}
