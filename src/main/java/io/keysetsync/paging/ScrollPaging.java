package io.keysetsync.paging;

import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Progress;
import org.jspecify.annotations.Nullable;

/** Follows the continuation token of each page ({@code paging: scroll}). */
public final class ScrollPaging implements Paging {

    private final String stream;
    private final int maxEmptyPages;
    private TokenTrail tokens = new TokenTrail();
    private int emptyPages;

    /**
     * Makes the paging of one run.
     *
     * @param stream for messages
     * @param maxEmptyPages the number of empty pages in a row, each with a token, that fails the run
     */
    public ScrollPaging(String stream, int maxEmptyPages) {
        this.stream = stream;
        this.maxEmptyPages = maxEmptyPages;
    }

    /** {@inheritDoc} Forgets the tokens seen so far: an API may number the pages of each scroll from 1. */
    @Override
    public PageRequest first(@Nullable String cursor) {
        tokens = new TokenTrail();
        return new PageRequest.Since(cursor);
    }

    @Override
    public Next after(Page page, Progress progress) {
        String token = page.token();
        if (token == null) {
            return progress.mustRescan() ? new Next.Rescan() : new Next.End();
        }
        countEmptyPages(page);
        if (tokens.repeats(token)) {
            throw new TerminalException("stream " + stream + ": the API gave a scroll token for the second time in"
                    + " this run, so its pages go round in a circle; report it to the API's owner, or try"
                    + " paging=reanchor");
        }
        return new Next.Ask(new PageRequest.Continue(token), progress);
    }

    void countEmptyPages(Page page) {
        emptyPages = page.received() == 0 ? emptyPages + 1 : 0;
        if (emptyPages >= maxEmptyPages) {
            throw new TerminalException("stream " + stream + ": " + emptyPages + " empty pages in a row, each with a"
                    + " scroll token; raise maxEmptyPages if this API really has such gaps");
        }
    }
}
