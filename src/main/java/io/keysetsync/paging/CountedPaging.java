package io.keysetsync.paging;

import io.keysetsync.request.PageRequest;

/**
 * Asks for the next page by its number ({@code paging: page}), or by the number of elements received since the scroll's
 * first request ({@code paging: offset}). An empty page ends the scroll; a short page does not, because an API may give
 * fewer elements than it was asked for.
 */
final class CountedPaging extends ForwardPaging {

    private final boolean byPage;
    private long counter;

    CountedPaging(PagingRules rules) {
        super(rules);
        this.byPage = rules.kind() == PagingKind.PAGE;
    }

    @Override
    PageRequest begin(PageRequest first) {
        String firstPage = rules().firstPage();
        counter = firstPage == null ? (byPage ? 1 : 0) : Long.parseLong(firstPage);
        if (firstPage == null && !byPage) {
            return first;
        }
        return first.startingAt(PageRequest.number(counter));
    }

    @Override
    boolean leadsOn(Page page) {
        return page.received() > 0;
    }

    @Override
    boolean endsWhenEmpty() {
        return true;
    }

    @Override
    PageRequest next(PageRequest last, Page page) {
        counter += byPage ? 1 : page.received();
        return last.next(PageRequest.number(counter));
    }

    @Override
    String missing() {
        return "the page is empty";
    }

    @Override
    String circle() {
        return "it ignores scrollParam, or repeats its last page: check scrollParam, or name the flag by which the"
                + " API ends its list in moreField";
    }
}
