package io.keysetsync.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.scenario.Absent;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.TokenKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An API, a stream that syncs from it, and what happens to some runs until a quiet one.
 *
 * @param notation how the API writes times
 * @param feed the records at the beginning
 * @param disturbed the runs before the quiet one
 */
record Case(Setup setup, Notation notation, List<Entry> feed, Api api, List<Disturbed> disturbed) {

    private static final Instant FIRST = Instant.parse("2005-01-01T00:00:00Z");
    private static final Instant FIRST_FUTURE = Instant.parse("2999-01-01T00:00:00Z");

    /** No record's time is between now and this; what is later is in the future whenever the test runs. */
    static final Instant FUTURE = Instant.parse("2500-01-01T00:00:00Z");

    /** How the API writes cursors. Numbers and texts of digits mean as many seconds after the beginning of time. */
    enum Family {
        ISO,
        EPOCH_SECONDS,
        EPOCH_MILLISECONDS,
        NUMBER,
        TEXT
    }

    /**
     * Times are a number of steps after the first; each record writes its own in one of several ways.
     *
     * @param digits the least number of fraction digits that can express a step
     */
    record Notation(Family family, Duration step, int digits) {

        private static final List<String> OFFSETS = List.of("Z", "", "+05:30", "-0300", "+14:00", "-11", "z", "+00:00");

        Instant instant(int tick) {
            return (isTime() ? FIRST : Instant.EPOCH).plus(step.multipliedBy(tick));
        }

        boolean isTime() {
            return family != Family.NUMBER && family != Family.TEXT;
        }

        JsonNode write(Instant instant, int style) {
            JsonNodeFactory json = JsonNodeFactory.instance;
            long number = family == Family.EPOCH_MILLISECONDS ? instant.toEpochMilli() : instant.getEpochSecond();
            return switch (family) {
                case ISO -> json.textNode(iso(instant, style));
                case TEXT -> json.textNode("%010d".formatted(number));
                case EPOCH_SECONDS, EPOCH_MILLISECONDS, NUMBER ->
                    style % 2 == 0 ? json.numberNode(number) : json.textNode("" + number);
            };
        }

        private String iso(Instant instant, int style) {
            String offset = OFFSETS.get(style % OFFSETS.size());
            int fraction = digits + style % (10 - digits);
            DateTimeFormatterBuilder local = new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd'T'HH:mm:ss");
            if (fraction > 0) {
                local.appendFraction(ChronoField.NANO_OF_SECOND, fraction, fraction, true);
            }
            return local.toFormatter(Locale.ROOT)
                            .format(instant.atOffset(
                                    offset.isEmpty() ? ZoneOffset.UTC : ZoneOffset.of(offset.toUpperCase(Locale.ROOT))))
                    + offset;
        }
    }

    /** What kind of cursor a record has. */
    enum Kind {
        DATED,
        FUTURE,
        NULL,
        MISSING,
        UNREADABLE
    }

    /**
     * A record at the beginning.
     *
     * @param again the number of the record (from 0) whose key this one has too; a number that isn't less than its own
     *     means a new key
     * @param tick its time, in the notation's steps
     * @param style in which way of the notation its time is written
     */
    record Entry(int again, int tick, Kind kind, int style) {}

    /** The order in which the API serves. */
    enum Order {
        ASCENDING,
        DESCENDING,
        SHUFFLED
    }

    /**
     * How the API behaves, unless disturbed.
     *
     * @param tokensLast the number of answers of one scroll before tokens expire; 0: they never do
     * @param emptyPages how many empty pages come, after how many pages
     */
    record Api(
            boolean inclusive,
            boolean hidingUnreadable,
            int pageSize,
            Order order,
            TokenKind tokens,
            boolean tokensUsableOnce,
            int tokensLast,
            int refusal,
            Map<Integer, Integer> emptyPages,
            Absent nothing,
            boolean numericTokens) {

        private Scenario apply(Scenario plain, boolean expiring) {
            Scenario api =
                    switch (order) {
                        case ASCENDING -> plain.ascending();
                        case DESCENDING -> plain.descending();
                        case SHUFFLED -> plain.shuffled(pageSize);
                    };
            api = inclusive ? api.inclusive() : api.strict();
            api = hidingUnreadable ? api.hidingUnreadable() : api;
            api = tokensUsableOnce ? api.tokensUsableOnce(refusal) : api;
            api = tokensLast > 0 && expiring ? api.tokensExpireAfter(tokensLast, refusal) : api;
            api = numericTokens ? api.numericTokens() : api;
            for (Map.Entry<Integer, Integer> empty : emptyPages.entrySet()) {
                api = api.emptyPages(empty.getKey(), empty.getValue());
            }
            return api.pageSize(pageSize).tokens(tokens).emptyRecords(nothing).lastToken(nothing);
        }
    }

    /** A change of the live data. */
    enum Change {
        /** A new record, later than all others. */
        ADD,
        /** A record changes and becomes the latest. */
        MOVE,
        /** A key gets a second record, later than all others. */
        ADD_VERSION,
        /** A new record with the greatest cursor that there is. */
        ADD_TIE,
        /** A record changes and gets the greatest cursor that there is. */
        MOVE_TO_TIE,
        /** A new record with a cursor that is behind others. */
        ADD_LATE,
        /** A new record without a cursor. */
        ADD_WITHOUT_CURSOR
    }

    /** Right before the run's request of this number is answered; 0: before the run. */
    record Changed(int request, Change change, int which) {}

    /** Faults that pass. */
    enum Passing {
        STATUS_503(Fault.status(503)),
        STATUS_429(Fault.status(429, "Retry-After", "0")),
        RESET(Fault.resetConnection()),
        CLOSED(Fault.closeConnection()),
        TRUNCATED_BODY(Fault.truncatedBody()),
        TRUNCATED_JSON(Fault.truncatedJson()),
        HTML(Fault.html()),
        ERROR_BODY(Fault.errorBodyUnder200()),
        EMPTY_BODY(Fault.emptyBody()),
        MISSING_RECORDS(Fault.missingRecords()),
        BROKEN_GZIP(Fault.brokenGzip());

        @SuppressWarnings("ImmutableEnumChecker") // a fault never changes
        private final Fault fault;

        Passing(Fault fault) {
            this.fault = fault;
        }
    }

    /** A fault at one request of a run. */
    record Faulty(int request, Passing fault) {}

    /**
     * A run in which something happens.
     *
     * @param outage from which request on the API is down; 0: never
     * @param refusal the status of that, or 0: connections are reset
     */
    record Disturbed(List<Changed> changes, List<Faulty> faults, int outage, int refusal, @Nullable Crash crash) {

        Scenario apply(Scenario api) {
            Scenario disturbed = api;
            for (Faulty each : faults) {
                disturbed = disturbed.onRequest(each.request(), each.fault().fault);
            }
            if (outage > 0) {
                disturbed =
                        disturbed.fromRequest(outage, refusal == 0 ? Fault.resetConnection() : Fault.status(refusal));
            }
            return disturbed;
        }
    }

    /** The API as it is unless disturbed. */
    Scenario scenario(Scenario plain, boolean expiring) {
        return setup.apply(api.apply(plain, expiring));
    }

    /** The cursor of a record, as the API writes it. */
    JsonNode cursor(Kind kind, int tick, int style) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        List<JsonNode> unreadable = notation.family() == Family.TEXT
                ? List.of(json.textNode(""))
                : List.of(
                        json.textNode("yesterday"),
                        notation.isTime() ? json.textNode("2024-13-01T00:00:00Z") : json.numberNode(1.5),
                        json.objectNode(),
                        json.booleanNode(true));
        return switch (kind) {
            case DATED -> notation.write(notation.instant(tick), style);
            case FUTURE -> notation.write(FIRST_FUTURE.plusSeconds(tick), style);
            case NULL -> json.nullNode();
            case MISSING -> json.missingNode();
            case UNREADABLE -> unreadable.get(style % unreadable.size());
        };
    }

    /** A record whose name tells its version. */
    static FeedRecord record(String id, JsonNode cursor, String name) {
        FeedRecord user = FeedRecord.user(id, "").with("name", name);
        return new FeedRecord(id, cursor, user.fields());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\n  " + setup + "\n  " + notation + "\n  " + api + "\n  feed:");
        for (int i = 0; i < feed.size(); i++) {
            Entry entry = feed.get(i);
            text.append("\n    k").append(entry.again() < i ? entry.again() : i);
            text.append(" ").append(cursor(entry.kind(), entry.tick(), entry.style()));
        }
        disturbed.forEach(run -> text.append("\n  ").append(run));
        return text.append("\n").toString();
    }
}
