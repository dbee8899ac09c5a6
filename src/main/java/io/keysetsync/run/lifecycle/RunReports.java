package io.keysetsync.run.lifecycle;

import io.keysetsync.Counts;
import io.keysetsync.Errors;
import io.keysetsync.RunEvent;
import io.keysetsync.RunEvent.Kind;
import io.keysetsync.RunStatus;
import io.keysetsync.run.Run;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EventNotifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * Reports what happens in a run: by a log line for each page and each run, and by events for the context's listeners.
 */
public final class RunReports {

    /** Reports nothing. */
    private static final RunReports NONE = new RunReports(NOPLogger.NOP_LOGGER, null);

    private final Logger log;
    private final @Nullable CamelContext context;

    public RunReports(CamelContext context) {
        this(LoggerFactory.getLogger("io.keysetsync.run"), context);
    }

    private RunReports(Logger log, @Nullable CamelContext context) {
        this.log = log;
        this.context = context;
    }

    /** The reports of a run: none if it is a dry run. */
    public RunReports of(boolean isDryRun) {
        return isDryRun ? NONE : this;
    }

    /** Reports that a run begins. */
    public void begun(Run run) {
        publish(Kind.BEGUN, run.state(RunStatus.RUNNING, null));
    }

    /** Warns of records whose cursor is too far in the future to move the stored one (rule 5). */
    public void ahead(Run run, int records, Duration tolerance) {
        log.warn(
                "{}: {} with a {} more than {} in the future: saved, but the cursor doesn't move there",
                run.stream(),
                counted(records, "record"),
                run.plan().cursorField().text(),
                tolerance);
    }

    /** Warns that a scroll starts over (rule 8). */
    public void tokenRefused(Run run) {
        log.warn("{}: the API refused the scroll token; starting over from the stored cursor", run.stream());
    }

    /** Warns that a new token is asked for. */
    public void credentialsRefused(Run run) {
        log.warn("{}: the API refused the token of its sign-in; asking for a new one", run.stream());
    }

    /** Reports a wait before another attempt. */
    public void waiting(Run run, String why, int nextAttempt, Duration wait) {
        LogLines.with(
                Map.of("stream", run.stream(), "run", run.id(), "attempt", nextAttempt, "wait_ms", wait.toMillis()),
                () -> log.warn("{}; attempt {} follows in {} ms", why, nextAttempt, wait.toMillis()));
        publish(Kind.WAITING, run.state(RunStatus.RUNNING, why));
    }

    /** Reports changes of the stream's table that have not been reported yet; the sink has logged them. */
    void schemaChanged(Run run) {
        List<String> changes = run.schemaChanges().unreported();
        if (!changes.isEmpty()) {
            publish(Kind.SCHEMA_CHANGED, run.state(RunStatus.RUNNING, null), changes);
        }
    }

    /** Reports a page that was saved. */
    public void pageCommitted(Run run, Counts page) {
        schemaChanged(run);
        RunEvent.State now = run.state(RunStatus.RUNNING, null);
        Map<String, @Nullable Object> fields = fields(now, page);
        fields.put("page", now.total().pages());
        LogLines.with(
                fields,
                () -> log.info(
                        "{}: page {}: {}; cursor {}",
                        now.stream(),
                        now.total().pages(),
                        did(page),
                        shown(now.cursorTo())));
        publish(Kind.PAGE_COMMITTED, now);
    }

    /** Reports a run's end; this is the only place that logs the run's error. */
    void ended(RunEvent.State state, @Nullable Throwable cause) {
        log.debug("{}: ended", state.stream(), cause);
        Map<String, @Nullable Object> fields = fields(state, state.total());
        fields.put("pages", state.total().pages());
        fields.put("seconds", state.elapsed().toMillis() / 1000.0);
        LogLines.with(fields, () -> logEnd(state));
        publish(Kind.ENDED, state);
    }

    private void logEnd(RunEvent.State state) {
        switch (state.status()) {
            case COMPLETE -> log.info("{}", summary(state));
            case INTERRUPTED -> log.warn("{}", summary(state));
            default -> log.error("{} ({})", state.error(), summary(state));
        }
    }

    /** What a line tells, for machines. */
    private static Map<String, @Nullable Object> fields(RunEvent.State state, Counts counts) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("stream", state.stream());
        fields.put("run", state.runId().isEmpty() ? null : state.runId());
        fields.put("status", state.status());
        fields.put("records", counts.records());
        fields.put("upserted", counts.upserted());
        fields.put("unchanged", counts.unchanged());
        fields.put("deleted", counts.deleted());
        fields.put("quarantined", counts.quarantined());
        fields.put("cursor", state.cursorTo());
        return fields;
    }

    /** A run's end, or its progress, in one line. */
    public static String summary(RunEvent.State state) {
        return String.format(
                Locale.ROOT,
                "%s: %s: %s, %s in %.1f s; cursor %s -> %s",
                state.stream(),
                state.status(),
                counted(state.total().pages(), "page"),
                did(state.total()),
                state.elapsed().toMillis() / 1000.0,
                shown(state.cursorFrom()),
                shown(state.cursorTo()));
    }

    private static String did(Counts counts) {
        return counted(counts.records(), "record") + ", " + counts.upserted() + " upserted, " + counts.unchanged()
                + " unchanged"
                + (counts.deleted() == 0 ? "" : ", " + counts.deleted() + " deleted")
                + (counts.quarantined() == 0 ? "" : ", " + counts.quarantined() + " quarantined");
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String shown(@Nullable String cursor) {
        return cursor == null ? "none" : cursor;
    }

    private void publish(Kind kind, RunEvent.State state) {
        publish(kind, state, List.of());
    }

    /** Publishes an event, one at a time: the branches of a run report from different threads. */
    private synchronized void publish(Kind kind, RunEvent.State state, List<String> changes) {
        if (context == null) {
            return;
        }
        RunEvent event = new RunEvent(context, kind, state, changes);
        for (EventNotifier listener : context.getManagementStrategy().getEventNotifiers()) {
            if (!listener.isDisabled() && listener.isEnabled(event)) {
                try {
                    listener.notify(event);
                } catch (Exception e) {
                    log.warn("{}: a listener failed: {}", state.stream(), Errors.describe(e));
                }
            }
        }
    }
}
