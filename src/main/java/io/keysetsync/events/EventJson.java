package io.keysetsync.events;

import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.RunReports;
import io.keysetsync.store.NodeName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Writes events as JSON, with the field names of the console's API. */
final class EventJson {

    private final CamelContext context;

    EventJson(CamelContext context) {
        this.context = context;
    }

    EventBody of(Event event) {
        EventBody json = new EventBody();
        json.put("event", event.kind().toString());
        json.put("stream", event.stream());
        json.put("status", status(event));
        json.put("text", text(event));
        json.put("consecutive_failures", event.past().failures());
        json.put("failures_before", event.failuresBefore());
        json.put("last_complete", time(event.past().lastComplete()));
        RunEvent.State state = event.state();
        if (state != null) {
            addRun(json, event.kind(), state);
        }
        if (event.kind() == EventKind.SCHEMA_CHANGE) {
            json.put("changes", event.changes());
        }
        if (event.kind() == EventKind.OVERDUE) {
            json.put("overdue", event.isOverdue());
        }
        return json;
    }

    private void addRun(EventBody json, EventKind kind, RunEvent.State state) {
        boolean hasEnded = kind == EventKind.RUN || kind == EventKind.RETRY;
        json.put("run_id", state.runId().isEmpty() ? null : state.runId());
        json.put("started_at", time(state.startedAt()));
        json.put("ended_at", hasEnded ? time(state.at()) : null);
        state.total().forEach(json::put);
        json.put("cursor_from", state.cursorFrom());
        json.put("cursor_to", state.cursorTo());
        json.put("lag_seconds", lag(state));
        json.put("error", state.error());
        json.put("node", NodeName.of(context));
    }

    private static @Nullable String status(Event event) {
        RunEvent.State state = event.state();
        if (event.kind() == EventKind.WAITING) {
            return "waiting";
        }
        return state == null ? event.past().status() : state.status().toString();
    }

    private static String text(Event event) {
        RunEvent.State state = event.state();
        if (state == null) {
            return event.stream() + ": " + (event.isOverdue() ? overdue(event) : "has a complete run again");
        }
        return switch (event.kind()) {
            case SCHEMA_CHANGE -> event.stream() + ": " + String.join("; ", event.changes());
            case WAITING -> Objects.toString(state.error(), "");
            default -> state.error() == null ? RunReports.summary(state) : state.error();
        };
    }

    private static String overdue(Event event) {
        Instant last = event.past().lastComplete();
        long failures = event.past().failures();
        return (last == null ? "has had no complete run yet" : "no complete run since " + time(last))
                + (failures == 0 ? "" : "; " + failures + " failed in a row")
                + (RunStatus.FAILED.toString().equals(event.past().status()) ? "" : lastStatus(event));
    }

    private static String lastStatus(Event event) {
        return event.past().status() == null
                ? ""
                : "; its last run is " + event.past().status();
    }

    private @Nullable Long lag(RunEvent.State state) {
        StreamRegistry registry = StreamRegistry.of(context);
        if (!registry.streams().contains(state.stream())) {
            return null;
        }
        Duration lag = registry.source(state.stream()).plan().lag(state.cursorTo(), Instant.now());
        return lag == null ? null : (Long) lag.toSeconds();
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
