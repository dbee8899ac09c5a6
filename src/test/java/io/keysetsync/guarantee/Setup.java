package io.keysetsync.guarantee;

import io.keysetsync.scenario.CursorTime;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How an API wants to be asked, and a stream that is set up for it.
 *
 * @param first the number of the first page, or of the first record
 * @param repeats whether the API wants the filter with every token, too
 * @param linksFilter whether the API's links have the filter already
 * @param by the record's field by which {@link NextPage#LAST_RECORD} asks
 */
record Setup(
        NextPage next,
        int first,
        String by,
        End end,
        String sendCursor,
        boolean repeats,
        boolean linksFilter,
        boolean untilExclusive,
        Type type,
        Notation sent,
        String step,
        String table,
        boolean reanchors,
        String onMissingCursor,
        Duration lookback) {

    /** How the API says that there is no further page. */
    enum End {
        /** By its kind of paging: no token, or an empty page. */
        PLAIN,
        FLAG,
        NEGATED_FLAG,
        /** By a flag alone: the last page has a token, too. */
        FLAG_BESIDE_TOKEN,
        /** By an empty page, which has a token, too. */
        EMPTY_PAGE,
        /** By refusing the page past the last one. */
        REFUSAL
    }

    /** The type of the cursor. */
    enum Type {
        TIME,
        NUMBER,
        TEXT
    }

    /** How the API wants to have times sent, and what one unit of that is. */
    enum Notation {
        SAME("same", ".+", Duration.ofSeconds(1)),
        EPOCH_SECONDS("epochSeconds", "\\d{1,11}", Duration.ofSeconds(1)),
        EPOCH_MILLIS("epochMillis", "0|\\d{12,14}", Duration.ofMillis(1)),
        SECONDS("yyyy-MM-dd HH:mm:ss", ".+", Duration.ofSeconds(1)),
        DAYS("yyyy-MM-dd", ".+", Duration.ofDays(1));

        private final String format;
        private final String allowed;
        private final Duration unit;

        Notation(String format, String allowed, Duration unit) {
            this.format = format;
            this.allowed = allowed;
            this.unit = unit;
        }

        private boolean isPattern() {
            return format.startsWith("yyyy");
        }

        Duration unit() {
            return unit;
        }

        /** What is left of a time in this notation. */
        Instant cut(Instant instant) {
            if (this == SAME || instant.equals(Instant.MIN)) {
                return instant;
            }
            long millis = Math.floorDiv(instant.toEpochMilli(), unit.toMillis()) * unit.toMillis();
            return Instant.ofEpochMilli(millis);
        }

        Instant read(String text) {
            return isPattern()
                    ? LocalDateTime.parse(
                                    this == DAYS ? text + " 00:00:00" : text,
                                    DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"))
                            .toInstant(ZoneOffset.UTC)
                    : CursorTime.read(text).orElseThrow();
        }

        String write(Instant instant) {
            return switch (this) {
                case SAME -> instant.toString();
                case EPOCH_SECONDS -> "" + instant.getEpochSecond();
                case EPOCH_MILLIS -> "" + instant.toEpochMilli();
                case SECONDS, DAYS -> DateTimeFormatter.ofPattern(format).format(instant.atOffset(ZoneOffset.UTC));
            };
        }
    }

    /** So many of all setups: each is a route with Kamelets, which takes longer to make than a case to play. */
    static List<Setup> some(int count, long seed) {
        Random random = new Random(seed);
        List<Setup> setups = new ArrayList<>();
        while (setups.size() < count) {
            for (NextPage next : NextPage.values()) {
                setups.add(any(random, next));
            }
        }
        return setups;
    }

    private static Setup any(Random random, NextPage next) {
        boolean hasTokens = next.hasTokens();
        Type type = of(random, Type.TIME, Type.TIME, Type.TIME, Type.TIME, Type.NUMBER, Type.TEXT);
        boolean isTime = type == Type.TIME;
        String sendCursor = hasTokens ? of(random, "first", "always", "auto") : of(random, "always", "auto");
        boolean repeats = sendCursor.equals("always") || (sendCursor.equals("auto") && random.nextBoolean());
        boolean isLink = hasTokens && next != NextPage.TOKEN;
        return new Setup(
                next,
                random.nextInt(2),
                of(random, "id", "name"),
                end(random, next),
                sendCursor,
                repeats,
                isLink && repeats && (sendCursor.equals("auto") || random.nextBoolean()),
                random.nextBoolean(),
                type,
                isTime && random.nextInt(2) == 0 ? of(random, Notation.values()) : Notation.SAME,
                isTime && random.nextInt(4) == 0 ? of(random, "P500D", "P1000D", "P2Y") : "",
                isTime ? of(random, "user", "thing") : "thing",
                random.nextInt(5) < 2,
                of(random, "quarantine", "save"),
                type == Type.TEXT
                        ? Duration.ZERO
                        : of(random, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2), Duration.ofMinutes(3)));
    }

    private static End end(Random random, NextPage next) {
        if (next.hasTokens()) {
            return of(random, End.PLAIN, End.PLAIN, End.FLAG, End.NEGATED_FLAG, End.FLAG_BESIDE_TOKEN, End.EMPTY_PAGE);
        }
        return next == NextPage.LAST_RECORD
                ? of(random, End.PLAIN, End.FLAG, End.NEGATED_FLAG)
                : of(random, End.PLAIN, End.FLAG, End.NEGATED_FLAG, End.REFUSAL);
    }

    @SafeVarargs
    private static <T> T of(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    boolean hasWindows() {
        return !step.isEmpty();
    }

    /** Whether there may be empty pages before the last one. */
    boolean hasGaps() {
        return next.hasTokens() && end != End.EMPTY_PAGE;
    }

    /** Whether the last page of a scroll is an empty one. */
    boolean endsByAnEmptyPage() {
        return end == End.EMPTY_PAGE;
    }

    /** Whether a request begins a scroll. */
    boolean begins(Request request) {
        String token = request.parameter(scrollParam());
        boolean counts = next == NextPage.PAGE || next == NextPage.OFFSET;
        return token == null || (counts && token.equals("" + first));
    }

    /** What of a request leads to its page; null if the request begins a scroll. */
    @Nullable
    String token(Request request) {
        return begins(request) ? null : request.parameter(scrollParam());
    }

    /** What a stored cursor means: a record's, or one in the notation that is sent. */
    Instant read(String cursor) {
        return CursorTime.read(cursor).orElseGet(() -> sent.read(cursor));
    }

    /** The end of the window that a request asks for; null if it has none. */
    @Nullable
    Instant until(Request request) {
        String until = request.parameter("until");
        return until == null ? null : sent.read(until);
    }

    private String scrollParam() {
        if (!next.hasTokens()) {
            return "page";
        }
        return next == NextPage.TOKEN && sendCursor.equals("auto") && repeats ? "page_token" : "scroll_param";
    }

    private String scrollField() {
        return next == NextPage.LAST_RECORD ? by : "paging.next";
    }

    Scenario apply(Scenario plain) {
        Scenario api = plain.nextPage(next)
                .firstPage(first)
                .scrollParam(scrollParam())
                .scrollField(scrollField())
                .cursorFormat(sent.allowed);
        api = switch (end) {
            case PLAIN -> api;
            case FLAG -> api.moreField("has_more");
            case NEGATED_FLAG -> api.moreField("!paging.end");
            case FLAG_BESIDE_TOKEN -> api.moreField("has_more").endless();
            case EMPTY_PAGE -> api.endless();
            case REFUSAL -> api.refusesPastEnd(404);
        };
        api = repeats ? api.repeatsFilter() : api;
        api = linksFilter ? api.linksWithFilter() : api;
        api = untilExclusive ? api.untilExclusive() : api;
        return sent.isPattern() ? api.cursorPattern(sent.format) : api;
    }

    String schema() {
        return table.equals("user") ? "file:routes/user.schema.json" : "classpath:" + table + ".schema.json";
    }

    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("attempts", "3");
        parameters.put("retryDelay", "PT0S");
        parameters.put("reanchor", "" + reanchors);
        parameters.put("onMissingCursor", onMissingCursor);
        parameters.put(
                "lookback", lookback.isZero() ? "" : type == Type.NUMBER ? "" + lookback.toSeconds() : "" + lookback);
        parameters.put("cursorType", type.name().toLowerCase(Locale.ROOT));
        parameters.put("cursorFormat", sent.format);
        parameters.put("sendCursor", sendCursor);
        parameters.put("paging", SyncExample.paging(next));
        parameters.put("scrollParam", scrollParam());
        parameters.put("scrollField", scrollField());
        boolean counts = next == NextPage.PAGE || next == NextPage.OFFSET;
        if (counts && !(next == NextPage.PAGE && first == 1) && !(next == NextPage.OFFSET && first == 0)) {
            parameters.put("firstPage", "" + first);
        }
        switch (end) {
            case PLAIN -> {}
            case FLAG, FLAG_BESIDE_TOKEN -> parameters.put("moreField", "has_more");
            case NEGATED_FLAG -> parameters.put("moreField", "!paging.end");
            case EMPTY_PAGE -> parameters.put("onEmptyPage", "end");
            case REFUSAL -> parameters.put("onPageRefused", "end");
        }
        if (hasWindows()) {
            parameters.put("query", "until={until}");
            parameters.put("step", step);
            parameters.put("initialCursor", sent.write(Instant.parse("2004-12-01T00:00:00Z")));
        }
        return parameters;
    }
}
