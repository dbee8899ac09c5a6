package io.keysetsync.paging;

import io.keysetsync.http.NextLink;
import io.keysetsync.request.PageRequest;
import io.keysetsync.request.RequestFormat;
import java.util.Objects;

/**
 * Follows the URL of the next page that a response has: in its body ({@code paging: link}), or in its header
 * {@code Link} ({@code paging: linkHeader}). Path and query are asked for as they are, at the origin of the stream's own
 * URL.
 */
final class LinkPaging extends ForwardPaging {

    private final RequestFormat format;

    LinkPaging(PagingRules rules, RequestFormat format) {
        super(rules);
        this.format = format;
    }

    @Override
    PageRequest begin(PageRequest first) {
        return first;
    }

    @Override
    boolean leadsOn(Page page) {
        return page.token() != null;
    }

    @Override
    boolean endsWhenEmpty() {
        return false;
    }

    @Override
    PageRequest next(PageRequest last, Page page) {
        String link = Objects.requireNonNull(page.token()).asText();
        return last.following(NextLink.target(rules().stream(), format.target(last), link));
    }

    @Override
    String missing() {
        return "gives no link";
    }

    @Override
    String circle() {
        return "its last link leads to itself; name the flag by which the API ends its list in moreField";
    }
}
