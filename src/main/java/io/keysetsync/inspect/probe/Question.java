package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import org.jspecify.annotations.Nullable;

/** A question about an API, which a few requests at most answer. */
interface Question {

    /** The next request; null if there is nothing more to ask. */
    @Nullable
    PageRequest next();

    /** Takes the answer to the request. */
    void answered(Page page);

    /**
     * Takes a failure of the request.
     *
     * @param refused whether the API refused what was asked for
     * @return whether other questions can still be asked
     */
    boolean failed(SyncException failure, boolean refused);

    /** Reports what was found out; nothing if nothing was. */
    void report(Report report);
}
