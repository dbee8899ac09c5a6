package io.keysetsync.paging;

import org.jspecify.annotations.Nullable;

/**
 * The rules of a stream's paging. The fields are the source parameters of the same names.
 *
 * @param stream for messages
 * @param firstPage what {@code scrollParam} carries first; null if it is not set
 * @param endsAtEmptyPage whether {@code onEmptyPage} is {@code end}
 */
public record PagingRules(
        String stream, PagingKind kind, @Nullable String firstPage, boolean endsAtEmptyPage, int maxEmptyPages) {

    /** The parameter that says what leads to the next page. */
    String nextParameter() {
        return switch (kind) {
            case PAGE, OFFSET -> "scrollParam";
            case LINK_HEADER -> "paging";
            case SCROLL, LINK, LAST_RECORD -> "scrollField";
        };
    }
}
