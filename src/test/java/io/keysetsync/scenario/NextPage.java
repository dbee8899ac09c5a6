package io.keysetsync.scenario;

/** How an answer tells of the next page, and how a request asks for that page. */
public enum NextPage {
    /** A token, which the request sends. */
    TOKEN,

    /** The URL of the next page. */
    LINK,

    /** The URL of the next page, relative to the request's own. */
    RELATIVE_LINK,

    /** A list of links with {@code rel} and {@code href}, of which one is {@code next}. */
    LINK_LIST,

    /** The header {@code Link}. */
    LINK_HEADER,

    /** Nothing: the request sends the number of the page. */
    PAGE,

    /** Nothing: the request sends how many records to skip. */
    OFFSET,

    /** The last record, of which the request sends the field at {@code scrollField}. */
    LAST_RECORD;

    /** Whether the API remembers scrolls and finds them by tokens, which links carry, too. */
    public boolean hasTokens() {
        return switch (this) {
            case TOKEN, LINK, RELATIVE_LINK, LINK_LIST, LINK_HEADER -> true;
            case PAGE, OFFSET, LAST_RECORD -> false;
        };
    }

    /** What a request of this kind sees of changes made during a scroll, which with tokens depends on them. */
    public TokenKind sees(TokenKind tokens) {
        return switch (this) {
            case PAGE, OFFSET -> TokenKind.OFFSET_LIVE;
            case LAST_RECORD -> TokenKind.KEYSET;
            default -> tokens;
        };
    }
}
