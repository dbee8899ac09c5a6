package io.keysetsync.paging;

import org.jspecify.annotations.Nullable;

/**
 * The rules of a stream's paging. The fields are the source parameters of the same names.
 *
 * @param stream for messages
 * @param firstPage what {@code scrollParam} carries first; null if it is not set
 * @param endsAtEmptyPage whether {@code onEmptyPage} is {@code end}
 * @param leading the parameter that says what leads to the next page, with its value, for messages
 * @param moreField for messages; empty if the API has no such flag
 */
public record PagingRules(
        String stream,
        PagingKind kind,
        @Nullable String firstPage,
        boolean endsAtEmptyPage,
        int maxEmptyPages,
        String leading,
        String moreField) {}
