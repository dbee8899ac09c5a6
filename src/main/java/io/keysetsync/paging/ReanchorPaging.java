package io.keysetsync.paging;

import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import io.keysetsync.request.PageRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks again since the value that a page moves the stored cursor to (rule 3), so that ties which the page's edge cuts
 * come again, and follows the API's own list only if asking since that value would make no progress
 * ({@code reanchor: true}). If a value goes back, the run begins again, by the list alone.
 */
final class ReanchorPaging implements Paging {

    private final Supplier<Paging> lists;
    private final CursorFormat format;
    private Paging list;
    private boolean isOff;
    private boolean hasAnchored;
    private @Nullable Position sent;
    private @Nullable String until;
    private @Nullable Before before;

    /** The list that was left for a request since a page's cursor, and the request that would have continued that list. */
    private record Before(Paging list, PageRequest next) {}

    /**
     * Makes the paging of one run.
     *
     * @param lists makes the paging of one list
     * @param format in which the cursor is sent: progress is a value that is later as it is sent
     */
    ReanchorPaging(Supplier<Paging> lists, CursorFormat format) {
        this.lists = lists;
        this.format = format;
        this.list = lists.get();
    }

    @Override
    public PageRequest first(@Nullable String cursor, @Nullable String end) {
        sent = cursor == null ? null : format.parse(cursor);
        until = end;
        before = null;
        hasAnchored = false;
        list = lists.get();
        return list.first(cursor, end);
    }

    /** {@inheritDoc} A list since a page's cursor that has no records ends nothing: the list before it continues. */
    @Override
    public boolean isLast(Page page) {
        return list.isLast(page) && !leadsBack(page);
    }

    private boolean leadsBack(Page page) {
        return before != null && page.received() == 0 && list.isLast(page);
    }

    @Override
    public Next after(Page page, Progress progress) {
        if (before != null && leadsBack(page)) {
            list = before.list();
            PageRequest next = before.next();
            before = null;
            return new Next.Ask(next, progress);
        }
        if (page.received() > 0) {
            before = null;
        }
        if (!isOff && !progress.ordered()) {
            isOff = true;
            if (hasAnchored) {
                return new Next.Rescan();
            }
        }
        Next next = list.after(page, progress);
        Position anchor = progress.scroll().beforeGreatest();
        if (isOff || anchor == null || !(next instanceof Next.Ask ask)) {
            return next;
        }
        Position asSent = format.asSent(anchor);
        if (!Position.isAfter(asSent, sent)) {
            // a later value may be sent as an earlier local time, if the hour comes twice: the same pages would come
            // forever
            return next;
        }
        Before left = new Before(list, ask.request());
        PageRequest request = first(asSent.text(), until);
        before = left;
        hasAnchored = true;
        return new Next.Ask(request, progress.reanchored(asSent));
    }
}
