package io.keysetsync.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.RunStatus;
import io.keysetsync.Streams;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.run.FirstRequest;
import io.keysetsync.run.Run;
import io.keysetsync.run.RunPlan;
import io.keysetsync.run.StopSignal.Pause;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.RunsUnderWay;
import io.keysetsync.store.StreamStates.PastRun;
import io.keysetsync.store.StreamStates.StreamState;
import io.keysetsync.store.SyncStore;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.quartz.QuartzComponent;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;

/** Answers {@code /api/streams} and what is below it; the console's routes call its methods. */
public final class StreamsApi {

    private static final String WAITING = "waiting";
    private static final int ACCEPTED = 202;
    private static final int RUNS = 50;
    private static final int ROWS = 20;

    private final CamelContext context;
    private final StreamRegistry registry;
    private final Clock clock;

    StreamsApi(CamelContext context, Clock clock) {
        this.context = context;
        this.registry = StreamRegistry.of(context);
        this.clock = clock;
    }

    /** All streams: how each is doing now. */
    public String list() throws SchedulerException {
        Instant now = clock.instant();
        Set<String> streams = registry.streams();
        Map<String, StreamState> states = registry.states(streams);
        Map<String, Schedule> schedules = Schedule.of(streams, Streams.triggerGroup(context), scheduler(), now);
        Map<String, Run> runs = RunsUnderWay.of(context).all().stream()
                .collect(Collectors.toMap(Run::stream, run -> run, (one, other) -> one));
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (String stream : streams) {
            describe(
                    all.addObject(),
                    stream,
                    Objects.requireNonNull(states.get(stream)),
                    Objects.requireNonNull(schedules.get(stream)),
                    runs.get(stream),
                    now);
        }
        return all.toString();
    }

    private void describe(
            ObjectNode json, String stream, StreamState state, Schedule schedule, @Nullable Run run, Instant now) {
        RunPlan plan = registry.source(stream).plan();
        StreamRegistry.Sink sink = registry.sinkOf(stream);
        PastRun last = state.last();
        Pause pause = run == null ? null : run.stop().pausing();
        String status = status(schedule, run, pause, last);
        json.put("stream", stream)
                .put("status", status)
                .put("waiting_for", pause != null ? pause.reason() : WAITING.equals(status) ? "its turn" : null)
                .put("waiting_until", text(pause == null ? null : pause.until()))
                .put("paused", schedule.isPaused())
                .put("cursor", state.cursor())
                .put("lag_seconds", seconds(plan.lag(state.cursor(), now)))
                .put("last_complete", text(state.lastComplete()))
                .put("next_run", text(schedule.next()))
                .put("quarantined", state.quarantined())
                .put("schedule", schedule.cron())
                .put("url", registry.source(stream).url().toString())
                .put("table", sink == null ? null : sink.schema().name().toString())
                .put("cursor_field", plan.cursorField().text())
                .put("cursor_type", plan.format().type().name().toLowerCase(Locale.ROOT))
                .set("last_run", last == null ? JsonNodeFactory.instance.nullNode() : json(last));
    }

    private static @Nullable String status(
            Schedule schedule, @Nullable Run run, @Nullable Pause pause, @Nullable PastRun last) {
        if (run != null) {
            return pause == null ? "running" : WAITING;
        }
        if (schedule.isClustered() && last != null && last.status().equals(RunStatus.RUNNING.toString())) {
            return "running"; // on another node
        }
        if (schedule.isDue()) {
            return WAITING;
        }
        if (schedule.isPaused()) {
            return "paused";
        }
        return last == null ? null : last.status();
    }

    /** A duration in seconds, to the millisecond. */
    private static @Nullable BigDecimal seconds(@Nullable Duration duration) {
        return duration == null ? null : BigDecimal.valueOf(duration.toMillis(), 3);
    }

    private static ObjectNode json(PastRun run) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("run_id", run.runId())
                .put("kind", run.kind())
                .put("started_at", text(run.startedAt()))
                .put("ended_at", text(run.endedAt()))
                .put("status", run.status());
        run.counts().forEach(json::put);
        return json.put("cursor_from", run.cursorFrom())
                .put("cursor_to", run.cursorTo())
                .put("error", run.error())
                .put("schema_changes", run.schemaChanges())
                .put("node", run.node());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /** The runs of a stream, the newest first. */
    public String runs(Exchange exchange) {
        String stream = stream(exchange);
        int limit = ConsoleRequest.limit(exchange, RUNS);
        SyncStore store = registry.storeOf(stream);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        if (store.stateTables().exist()) {
            store.states().runs(stream, limit).forEach(run -> all.add(json(run)));
        }
        return all.toString();
    }

    /** The newest rows of a stream's table. */
    public String rows(Exchange exchange) {
        String stream = stream(exchange);
        int limit = ConsoleRequest.limit(exchange, ROWS);
        StreamRegistry.Sink sink = registry.sinkOf(stream);
        if (sink == null) {
            throw new ConsoleException(
                    ConsoleException.NOT_FOUND,
                    "stream " + stream + ": its rows go to another sink than kamelet:jdbc-upsert-sink");
        }
        return sink.exists()
                ? sink.newest(registry.source(stream).plan(), limit).json().toString()
                : "[]";
    }

    /** Begins a run now, unless one is already waiting to begin. */
    public String run(Exchange exchange) throws SchedulerException {
        String stream = stream(exchange);
        TriggerKey key = new TriggerKey(stream, Streams.triggerGroup(context));
        if (!Schedule.hasRunByHand(key, scheduler())) {
            Streams.of(context).trigger(stream);
        }
        return accepted(exchange);
    }

    /** Pauses the stream's schedule. */
    public String pause(Exchange exchange) throws SchedulerException {
        Streams.of(context).pause(stream(exchange));
        return accepted(exchange);
    }

    /** Follows the schedule again. */
    public String resume(Exchange exchange) throws SchedulerException {
        Streams.of(context).resume(stream(exchange));
        return accepted(exchange);
    }

    /** Moves or forgets a stream's cursor. */
    public String cursor(Exchange exchange) {
        String stream = stream(exchange);
        JsonNode value = ConsoleRequest.body(exchange).path("value");
        if (!value.isTextual() && !value.isIntegralNumber() && !value.isNull()) {
            throw new ConsoleException(
                    ConsoleException.BAD_REQUEST,
                    "the body must be {\"value\": \"CURSOR\"}, or {\"value\": null} to forget the cursor");
        }
        String cursor = value.isNull() ? null : value.asText();
        String before = registry.storeOf(stream).changeCursor(stream, cursor);
        return JsonNodeFactory.instance
                .objectNode()
                .put("stream", stream)
                .put("cursor_from", before)
                .put("cursor_to", cursor)
                .toString();
    }

    /** The request with which the next run would begin if the query's {@code cursor}, or none, were stored. */
    public String nextRequest(Exchange exchange) {
        String stream = stream(exchange);
        String cursor = ConsoleRequest.parameter(exchange, "cursor");
        StreamRegistry.Source source = registry.source(stream);
        CursorFormat format = source.plan().format();
        if (cursor != null && format.parse(cursor) == null) {
            throw new ConsoleException(
                    ConsoleException.BAD_REQUEST, "cursor '" + cursor + "' " + format.problem(cursor));
        }
        FirstRequest request = source.firstRequest(cursor);
        return JsonNodeFactory.instance
                .objectNode()
                .put("method", request.method())
                .put("url", request.url())
                .put("cursor", request.cursor())
                .put("until", request.until())
                .toString();
    }

    private String stream(Exchange exchange) {
        String stream = exchange.getMessage().getHeader("stream", "", String.class);
        if (!registry.streams().contains(stream)) {
            throw new ConsoleException(ConsoleException.NOT_FOUND, "there is no stream of this name");
        }
        return stream;
    }

    private static String accepted(Exchange exchange) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, ACCEPTED);
        return "{}";
    }

    private Scheduler scheduler() {
        return context.getComponent("quartz", QuartzComponent.class).getScheduler();
    }
}
