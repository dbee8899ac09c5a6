package io.keysetsync.paging;

import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.request.PageRequest;
import java.util.Objects;

/**
 * Asks for the next page by a value of the last one: a token of the response ({@code paging: scroll}), or a value of the
 * page's last record ({@code paging: lastRecord}).
 */
final class TokenPaging extends ForwardPaging {

    private final boolean byRecord;

    TokenPaging(PagingRules rules) {
        super(rules);
        this.byRecord = rules.kind() == PagingKind.LAST_RECORD;
    }

    @Override
    PageRequest begin(PageRequest first) {
        String firstPage = rules().firstPage();
        return firstPage == null ? first : first.startingAt(TextNode.valueOf(firstPage));
    }

    /** {@inheritDoc} A page that has records leads on by its last one, which has to have the value. */
    @Override
    boolean leadsOn(Page page) {
        return byRecord ? page.received() > 0 : page.token() != null;
    }

    @Override
    boolean endsWhenEmpty() {
        return byRecord;
    }

    @Override
    PageRequest next(PageRequest last, Page page) {
        if (page.token() == null) {
            throw error("the page's last record has no value in " + rules().leading()
                    + ", by which the next page is asked for; check scrollField");
        }
        return last.next(Objects.requireNonNull(page.token()));
    }

    @Override
    String missing() {
        return byRecord ? "the page is empty" : "gives no token";
    }

    @Override
    String circle() {
        return byRecord
                ? "a value of the last record does not lead past this record; check scrollField and scrollParam"
                : "its tokens do not lead on; check scrollParam, try reanchor=true, or report it to the API's owner";
    }
}
