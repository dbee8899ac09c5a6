package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first pages of a list, in the order in which the API lists them, and what leads from each to the next. */
final class Listing {

    private static final Progress NONE = Progress.from(null, null);

    private final Paging paging;
    private final List<Page> pages = new ArrayList<>();
    private final List<PageRequest> next = new ArrayList<>();
    private @Nullable String error;

    Listing(Paging paging) {
        this.paging = paging;
    }

    PageRequest first(@Nullable String cursor, @Nullable String until) {
        return paging.first(cursor, until);
    }

    void add(Page page) {
        pages.add(page);
        try {
            if (paging.after(page, NONE) instanceof Next.Ask ask) {
                next.add(ask.request());
            }
        } catch (SyncException e) {
            error = e.getMessage();
        }
    }

    /** Why a run could not go past the pages; null if it could. */
    @Nullable
    String error() {
        return error;
    }

    int size() {
        return pages.size();
    }

    List<Page> pages() {
        return pages;
    }

    Page page(int index) {
        return pages.get(index);
    }

    /** Whether a page leads to another. */
    boolean leadsOn(int index) {
        return next.size() > index;
    }

    /** The request to which a page leads. */
    PageRequest next(int index) {
        return next.get(index);
    }

    /** The greatest cursor of a page; null if the page has none. */
    @Nullable
    Position edge(int index) {
        return pages.get(index).positions().stream()
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    boolean isAscending() {
        return inOrder(Comparator.naturalOrder());
    }

    boolean inOrder(Comparator<Position> order) {
        List<Position> all =
                pages.stream().flatMap(page -> page.positions().stream()).toList();
        for (int i = 1; i < all.size(); i++) {
            if (order.compare(all.get(i - 1), all.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }
}
