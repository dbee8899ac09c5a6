package io.keysetsync.events;

import io.keysetsync.RunEvent;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.store.PastRuns;
import io.keysetsync.store.PastRuns.Past;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * How the streams of a context are doing. What this process has seen is kept in memory, because the database may be what
 * fails; when a run begins, rows of other processes are taken into account, such as those of the last {@code once}.
 */
final class PastOfStreams {

    private static final Logger LOG = LoggerFactory.getLogger(PastOfStreams.class);

    private final CamelContext context;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * What is known of a stream.
     *
     * @param run the id of the newest run that is taken into account; null if there is none
     * @param retry the id of the newest retry in this process, which is not taken into account; null if there was none
     * @param hasEnded whether a run of the stream has ended in this process
     */
    private record Known(Past past, @Nullable String run, @Nullable String retry, boolean hasEnded) {

        static final Known NOTHING = new Known(Past.NONE, null, null, false);

        boolean has(String row) {
            return row.equals(run) || row.equals(retry);
        }
    }

    PastOfStreams(CamelContext context) {
        this.context = context;
    }

    /** Takes the rows of other processes into account. */
    void begun(RunEvent.State run) {
        if (run.isRetry()) {
            return;
        }
        try {
            Known seen = known.getOrDefault(run.stream(), Known.NOTHING);
            known.put(run.stream(), fresh(run.stream(), seen));
        } catch (DataAccessException e) {
            LOG.debug("{}: the earlier runs can't be read", run.stream(), e);
        }
    }

    /**
     * How a stream is doing now, by the runs of other processes, too.
     *
     * @throws DataAccessException if the database does not answer
     */
    Past current(String stream) {
        return fresh(stream, known.getOrDefault(stream, Known.NOTHING)).past();
    }

    private Known fresh(String stream, Known seen) {
        PastRuns runs = StreamRegistry.of(context).storeOf(stream).pastRuns();
        return runs.newest(stream)
                .filter(run -> !seen.has(run))
                .map(run -> new Known(runs.of(stream), run, seen.retry(), seen.hasEnded()))
                .orElse(seen);
    }

    /** How a stream is doing by what is known. */
    Past of(String stream) {
        return known.getOrDefault(stream, Known.NOTHING).past();
    }

    /** Whether a run of the stream has ended in this process. */
    boolean hasEnded(String stream) {
        return known.getOrDefault(stream, Known.NOTHING).hasEnded();
    }

    /** Adds a run that has ended, or a retry, which says nothing of how the stream is doing. */
    Past ended(RunEvent.State run) {
        return known.compute(run.stream(), (stream, seen) -> with(run, seen == null ? Known.NOTHING : seen))
                .past();
    }

    private static Known with(RunEvent.State run, Known seen) {
        if (run.isRetry()) {
            return new Known(seen.past(), seen.run(), run.runId(), seen.hasEnded());
        }
        String id = run.runId().isEmpty() ? seen.run() : run.runId(); // a run that could not begin has no row
        return new Known(after(run, seen), id, seen.retry(), true);
    }

    private static Past after(RunEvent.State run, Known seen) {
        Past past = seen.past();
        String status = run.status().toString();
        return switch (run.status()) {
            case COMPLETE -> new Past(status, 0, run.at());
            case FAILED -> new Past(status, past.failures() + 1, past.lastComplete());
            default -> new Past(status, past.failures(), past.lastComplete());
        };
    }
}
