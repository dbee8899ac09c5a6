package io.keysetsync.paging;

import io.keysetsync.request.PageRequest;

/**
 * Detects that a scroll's pages go round in a circle (rule 7): what leads to a page comes again and brings the page that
 * it brought before, or a page equals the one before it although something else was asked for. What leads to a page may
 * stay the same while the pages differ: some APIs have one token for a whole scroll.
 */
final class PageTrail {

    private final TokenTrail trail = new TokenTrail();
    private long lastPage;
    private boolean hasLastPage;

    private final boolean isCounted;

    /** @param isCounted whether each request differs from the one before, whatever the API answers */
    PageTrail(boolean isCounted) {
        this.isCounted = isCounted;
    }

    /**
     * Takes a page that leads on; returns whether the pages go round in a circle.
     *
     * @param request that brought the page
     * @param next the request to which the page leads
     */
    boolean circles(PageRequest request, Page page, PageRequest next) {
        boolean repeatsLast = hasLastPage
                && page.received() > 0
                && page.digest() == lastPage
                && (isCounted || next.position().equals(request.position()));
        lastPage = page.digest();
        hasLastPage = true;
        return trail.repeats(request.position() + "\n" + Long.toHexString(page.digest())) || repeatsLast;
    }
}
