package io.keysetsync.paging;

import io.keysetsync.cursor.Progress;
import io.keysetsync.request.PageRequest;

/** What follows a page. */
public sealed interface Next {

    /**
     * A further request.
     *
     * @param progress of the run once that request is sent
     */
    record Ask(PageRequest request, Progress progress) implements Next {}

    /**
     * A new scroll from the stored mark, because the scroll that has ended may have missed records before its start.
     */
    record Rescan() implements Next {}

    /** No further request: the API has no more pages. */
    record End() implements Next {}
}
