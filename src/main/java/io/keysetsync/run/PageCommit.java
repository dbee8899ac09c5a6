package io.keysetsync.run;

import io.keysetsync.Counts;
import io.keysetsync.RunStatus;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.store.Quarantine.Entry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a run records about itself: the run's row, and with each page the cursor and the quarantined records. */
public interface PageCommit {

    /** Writes nothing. */
    PageCommit NOTHING = new PageCommit() {
        @Override
        public void begin(Run run) {}

        @Override
        public Mark commit(Run run, PageResult page) {
            return run.mark();
        }

        @Override
        public void schemaChanged(Run run, List<String> changes) {}

        @Override
        public void end(Run run, RunStatus status, @Nullable String error) {}
    };

    /**
     * The result of a page.
     *
     * @param cursor where the stored mark may move to; null if the stream has no cursor yet
     * @param counts of the page
     * @param setAside the page's records that go into the quarantine
     * @param endsScroll whether the page is the last of what is read: of the run, or of a window
     */
    record PageResult(@Nullable String cursor, Counts counts, List<Entry> setAside, boolean endsScroll) {}

    /** Opens the run's row. */
    void begin(Run run);

    /**
     * Writes what belongs to a page's rows, in the transaction of those rows.
     *
     * @return the stream's mark after that
     * @throws io.keysetsync.FencedException if another run of the stream moved the cursor meanwhile
     */
    Mark commit(Run run, PageResult page);

    /** Notes all changes of the table in this run, in the transaction of the latest of them. */
    default void schemaChanged(Run run, List<String> changes) {
        run.store().runs().schemaChanged(run.id(), String.join("\n", changes));
    }

    /** Closes the run's row. */
    default void end(Run run, RunStatus status, @Nullable String error) {
        run.store().runs().end(run.id(), status, error);
    }

    /** The part of the time to read that is read, from 0 to 1; null if that is not known. */
    default @Nullable Double fraction(Run run, Instant now) {
        return run.progress().fraction(now);
    }

    /** Whether the run retries quarantined records. */
    default boolean isRetry() {
        return false;
    }

    /** The error of a run that quarantines more records than it may. */
    default TerminalException quarantinesTooMany(Run run, long quarantined, String reason) {
        return new TerminalException("stream " + run.stream() + ": this run would quarantine " + quarantined
                + " records or more, and maxQuarantined is " + maxQuarantined() + "; the last one for this reason: "
                + reason + "; correct the schema or the data, or raise maxQuarantined");
    }

    /** The most records that one run may quarantine. */
    default int maxQuarantined() {
        return Integer.MAX_VALUE;
    }
}
