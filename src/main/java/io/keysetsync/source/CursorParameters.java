package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Lookback;
import io.keysetsync.cursor.Step;
import io.keysetsync.jq.JqField;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.record.Field;
import io.keysetsync.record.FieldPath;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.run.RunPlan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters about the cursor: its type and notations, where a run begins, and in which windows it asks. */
record CursorParameters(Parameters parameters, CursorType type, CursorFormat format) {

    /** Parameters that only cursors of type {@code time} have, with the value that changes nothing. */
    private static final Map<String, String> OF_TIMES =
            Map.of("step", "", "retention", "", "futureTolerance", "PT5M", "cursorFormat", "same", "cursorZone", "UTC");

    /** The most windows at the same time; each takes two threads. */
    private static final int MOST_WINDOWS = 32;

    static CursorParameters read(Parameters parameters) {
        CursorType type = parameters.choice("cursorType", CursorType.class);
        if (type != CursorType.TIME) {
            OF_TIMES.forEach((name, unset) -> {
                if (!parameters.text(name).equals(unset)) {
                    throw parameters.wrong(name, "is for cursorType 'time' alone");
                }
            });
        }
        ZoneId zone = parameters.read("cursorZone", CursorParameters::zone);
        return new CursorParameters(
                parameters, type, parameters.read("cursorFormat", sentAs -> CursorFormat.of(type, sentAs, zone)));
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("is not a time zone; write one such as UTC or Europe/Berlin", e);
        }
    }

    /** The plan of the stream's runs. */
    RunPlan plan(RequestFormat request, boolean reanchors) {
        Step step = step(request);
        int parallelWindows = parallelWindows(request, step != null, reanchors);
        return new RunPlan(
                parameters.text("stream"),
                field(),
                format,
                initialCursor(request, step != null),
                parameters.read("lookback", text -> Lookback.of(type, text)),
                step,
                parallelWindows,
                retention(),
                reanchors);
    }

    /** Where a record has the cursor. */
    Field field() {
        parameters.required("cursorField");
        Field field = parameters.read("cursorField", JqField::of);
        if (field instanceof FieldPath path && path.hasWildcard()) {
            throw parameters.wrong("cursorField", "must lead to one value, without *");
        }
        return field;
    }

    private @Nullable Step step(RequestFormat request) {
        if (request.sendsUntil() && type != CursorType.TIME) {
            throw new ConfigurationException(
                    "stream " + parameters.stream() + ": {until} is for cursorType 'time' alone");
        }
        if (parameters.text("step").isEmpty()) {
            return null;
        }
        if (!request.sendsUntil()) {
            throw parameters.wrong("step", "needs {until} in query, body or headers, by which a window's end is sent");
        }
        try {
            return Step.parse(parameters.text("step"));
        } catch (DateTimeException e) {
            throw parameters.wrong("step", "must be an ISO-8601 duration such as P30D or P1M, longer than zero");
        }
    }

    private int parallelWindows(RequestFormat request, boolean inWindows, boolean reanchors) {
        int windows = parameters.number("parallelWindows", 1);
        if (windows > MOST_WINDOWS) {
            throw parameters.wrong("parallelWindows", "must be a whole number from 1 to " + MOST_WINDOWS);
        }
        if (windows > 1 && !inWindows) {
            throw parameters.wrong(
                    "parallelWindows", "needs step, and {until} in query, body or headers; set them, or leave it at 1");
        }
        if (windows > 1 && !request.sendsCursor()) {
            throw parameters.wrong(
                    "parallelWindows",
                    "needs a cursor in the requests: cursorParam, or {cursor} in query, body or headers");
        }
        if (windows > 1 && reanchors) {
            throw parameters.wrong("parallelWindows", "can't be combined with reanchor; set one of them");
        }
        return windows;
    }

    private @Nullable Duration retention() {
        if (parameters.text("retention").isEmpty()) {
            return null;
        }
        Duration retention = parameters.duration("retention");
        if (retention.isZero()) {
            throw parameters.wrong("retention", "must be longer than zero, such as P30D");
        }
        return retention;
    }

    private String initialCursor(RequestFormat request, boolean inWindows) {
        String text = parameters.text("initialCursor");
        if (text.equals("auto")) {
            text = inWindows || !request.sendsCursor() ? "" : format.initial();
        }
        if (inWindows && text.isEmpty()) {
            throw parameters.wrong("initialCursor", "must be a time if step is set: the beginning of the first window");
        }
        if (!text.isEmpty() && format.parse(text) == null) {
            throw parameters.wrong("initialCursor", format.problem(text));
        }
        return text;
    }
}
