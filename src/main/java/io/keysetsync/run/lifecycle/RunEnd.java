package io.keysetsync.run.lifecycle;

import io.keysetsync.Errors;
import io.keysetsync.FencedException;
import io.keysetsync.InterruptedRunException;
import io.keysetsync.RateLimitedException;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.SyncException;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.run.Inspection;
import io.keysetsync.run.Run;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Ends the runs of a stream: sets their status and their one line of error, closes their row, and reports the end. */
public final class RunEnd {

    private static final Logger LOG = LoggerFactory.getLogger(RunEnd.class);

    /** The longest wait for a page that is still being saved, by a run that a forced stop of its context ends. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);

    private final CamelContext context;
    private final String stream;
    private final RunReports reports;
    private final Consumer<Run> release;

    /**
     * Ends the runs of one stream.
     *
     * @param release frees what a run has used
     */
    public RunEnd(CamelContext context, String stream, RunReports reports, Consumer<Run> release) {
        this.context = context;
        this.stream = stream;
        this.reports = reports;
        this.release = release;
    }

    /** Ends a run whose pages are all saved. */
    public RunEvent.State complete(Run run) {
        return end(run, RunStatus.COMPLETE, null, null);
    }

    /** Ends a run that could not continue, and reports why in one line. */
    public RunEvent.State fail(Run run, Throwable error) {
        Throwable caught = DatabaseErrors.beforeRollback(error);
        if (run.error() != null) {
            caught = run.error();
            boolean unused = Thread.interrupted(); // the interrupt ended the wait for the branch; this thread continues
        }
        return end(run, status(caught, run), line(caught), caught);
    }

    /** Reports a run that could not begin, and so has no row. */
    public void failedToBegin(Inspection inspection, Throwable error) {
        Throwable caught = DatabaseErrors.beforeRollback(error);
        RunStatus status = status(caught, null);
        inspection.ended(status, line(caught));
        reports.of(inspection.isDryRun()).ended(RunEvent.State.notBegun(stream, status, line(caught)), caught);
    }

    /**
     * Makes sure that a run is closed even if a step of the stream stops its exchange, or the JVM runs out of memory.
     */
    public void closeWith(Exchange exchange, Run run) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (run.hasEnded()) {
                    return;
                }
                if (done.getException() != null) {
                    fail(run, done.getException());
                    return;
                }
                String error = "stream " + stream + ": a step of the stream stopped the run; to leave out records"
                        + " or pages use the EIP 'filter' instead of 'stop'";
                end(run, RunStatus.FAILED, error, null);
            }

            @Override
            public boolean allowHandover() {
                return false;
            }
        });
    }

    /** Ends a further lane of a run, which leaves the run's end to the first one. */
    public void laneEnded(Run lane) {
        lane.awaitSaved(MOST_WAIT);
        RunsUnderWay.of(context).ended(lane);
        boolean unused = lane.error() != null && Thread.interrupted(); // it ended the wait for the branch
        lane.end(RunStatus.COMPLETE, null);
        release.accept(lane);
    }

    /** The error that made a run or lane end, rather than one that followed from it. */
    public static Throwable causeOf(Run run, Throwable error) {
        Error ofBranch = run.error();
        return ofBranch != null ? ofBranch : DatabaseErrors.beforeRollback(error);
    }

    /** The status of a run or lane that an error has ended. */
    public RunStatus statusOf(Run run, Throwable error) {
        return status(error, run);
    }

    private static RunStatus status(Throwable error, @Nullable Run run) {
        SyncException known = Errors.known(error);
        if (known instanceof FencedException) {
            return RunStatus.FENCED;
        }
        if (known instanceof RateLimitedException) {
            return RunStatus.RATE_LIMITED;
        }
        boolean stopped = run != null && run.stop().isRaised();
        return known instanceof InterruptedRunException || stopped ? RunStatus.INTERRUPTED : RunStatus.FAILED;
    }

    /** An error in one line. */
    public String line(Throwable error) {
        SyncException known = Errors.known(error);
        if (known != null && known.getMessage() != null) {
            return known.getMessage();
        }
        if (Errors.innermost(OutOfMemoryError.class, error) != null) {
            return "stream " + stream + ": out of memory (" + Errors.describe(error)
                    + "); ask the API for smaller pages," + " or give the JVM more memory, as by JAVA_OPTS=-Xmx1g";
        }
        return "stream " + stream + ": "
                + (DatabaseErrors.isOne(error)
                        ? "the database: " + DatabaseErrors.describe(error)
                                + "; nothing of this page was saved, and the next run continues from the cursor"
                        : Errors.describe(error));
    }

    private RunEvent.State end(Run run, RunStatus status, @Nullable String error, @Nullable Throwable cause) {
        run.awaitSaved(MOST_WAIT);
        RunsUnderWay.of(context).ended(run);
        try {
            run.end(status, error);
        } catch (DataAccessException e) {
            // the next run finds the row still running and closes it
            LOG.debug("{}: the run's row could not be closed", stream, e);
        }
        release.accept(run);
        RunEvent.State state = run.state(status, error);
        reports.of(run.isDryRun()).schemaChanged(run);
        reports.of(run.isDryRun()).ended(state, cause);
        return state;
    }
}
