package io.keysetsync.paging;

import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Progress;
import io.keysetsync.request.PageRequest;
import org.jspecify.annotations.Nullable;

/**
 * Goes forward from page to page until the API has no more. What leads to the next page depends on the kind of paging.
 * When a scroll ends, and that no scroll is endless, is the same for all kinds.
 */
abstract class ForwardPaging implements Paging {

    private final PagingRules rules;
    private PageTrail trail;
    private PageRequest request = PageRequest.since(null, null);
    private int emptyPages;

    ForwardPaging(PagingRules rules) {
        this.rules = rules;
        this.trail = new PageTrail(rules.kind().counts());
    }

    /** {@inheritDoc} Forgets the pages seen so far: an API may number the pages of each scroll from 1, and may have gaps in each. */
    @Override
    public final PageRequest first(@Nullable String cursor, @Nullable String until) {
        trail = new PageTrail(rules.kind().counts());
        emptyPages = 0;
        request = begin(PageRequest.since(cursor, until));
        return request;
    }

    @Override
    public final boolean isLast(Page page) {
        if (Boolean.FALSE.equals(page.more())) {
            return true;
        }
        if (page.received() == 0 && rules.endsAtEmptyPage() && (leadsOn(page) || endsWhenEmpty())) {
            return true;
        }
        return !leadsOn(page) && !Boolean.TRUE.equals(page.more());
    }

    @Override
    public final Next after(Page page, Progress progress) {
        if (isLast(page)) {
            return progress.mustRescan() ? new Next.Rescan() : new Next.End();
        }
        if (!leadsOn(page)) {
            throw error("the API says by moreField '" + rules.moreField() + "' that there is a further page, but "
                    + missing() + "; check moreField and " + rules.leading());
        }
        countEmptyPages(page);
        PageRequest next = next(request, page);
        if (trail.circles(request, page, next)) {
            throw error("the API gave the same page for the second time, so its pages go round in a circle (" + circle()
                    + ")");
        }
        request = next;
        return new Next.Ask(next, progress);
    }

    private void countEmptyPages(Page page) {
        emptyPages = page.received() == 0 ? emptyPages + 1 : 0;
        if (emptyPages >= rules.maxEmptyPages()) {
            throw error(emptyPages + " empty pages in a row, each of which leads to another; raise maxEmptyPages if"
                    + " this API really has such gaps, or set onEmptyPage to 'end'");
        }
    }

    /** Puts what the first request of a scroll needs into it. */
    abstract PageRequest begin(PageRequest first);

    /** Whether a page has what leads to a next one. */
    abstract boolean leadsOn(Page page);

    /** Whether an empty page of this kind ends the scroll by itself, as nothing of it could lead on. */
    abstract boolean endsWhenEmpty();

    /** The request for the page after one that leads on. */
    abstract PageRequest next(PageRequest last, Page page);

    /** What a page lacks that does not lead on, for a message. */
    abstract String missing();

    /** What may be wrong if the pages go round in a circle, for a message. */
    abstract String circle();

    final PagingRules rules() {
        return rules;
    }

    final TerminalException error(String what) {
        return new TerminalException("stream " + rules.stream() + ": " + what);
    }
}
