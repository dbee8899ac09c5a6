package io.keysetsync.paging;

/** What leads to the next page: the values of the parameter {@code paging}. */
public enum PagingKind {
    SCROLL,
    LINK,
    LINK_HEADER,
    PAGE,
    OFFSET,
    LAST_RECORD;

    /** Whether the next page is asked for by a URL of the API's. */
    public boolean followsLinks() {
        return this == LINK || this == LINK_HEADER;
    }

    /** Whether the next page is asked for by a number that this side counts. */
    public boolean counts() {
        return this == PAGE || this == OFFSET;
    }
}
