package io.keysetsync.paging;

import io.keysetsync.cursor.Progress;

/** What follows a page. */
public sealed interface Next {

    /**
     * A further request.
     *
     * @param progress of the run from then on
     */
    record Ask(PageRequest request, Progress progress) implements Next {}

    /** A new scroll from the stored mark: the scroll that has ended may have missed values before its start. */
    record Rescan() implements Next {}

    /** Nothing: the API said that there is no more. */
    record End() implements Next {}
}
