package io.keysetsync.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.paging.Page;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.Quarantined;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.source.SourceParameters;
import io.keysetsync.source.SyncSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;

/** Describes what an {@link ApiProbe} has found out, and which parameters to set. */
public final class ApiFindings {

    private static final Pattern FRACTION = Pattern.compile("[.,](\\d{1,9})");
    private static final Pattern EPOCH = Pattern.compile("\\d{12,}");
    private static final int MICROSECOND_DIGITS = 15;
    private static final int MAX_CANDIDATES = 5;

    private final SourceParameters parameters;
    private final ApiProbe probe;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> toSet = new TreeMap<>();

    private ApiFindings(SourceParameters parameters, ApiProbe probe) {
        this.parameters = parameters;
        this.probe = probe;
    }

    /**
     * Asks the API of a stream.
     *
     * @throws io.keysetsync.ConfigurationException if there is no such stream
     */
    public static ApiFindings of(CamelContext context, String stream) throws Exception {
        SyncSource source = (SyncSource) StreamRegistry.of(context).source(stream);
        ApiProbe probe = new ApiProbe(source.parameters());
        probe.inspect(context, stream);
        ApiFindings found = new ApiFindings(source.parameters(), probe);
        found.describeAll();
        return found;
    }

    /** The findings, in the order in which to read them. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** The source's parameters to set, by name. */
    public Map<String, String> parameters() {
        return Map.copyOf(toSet);
    }

    private void describeAll() {
        if (probe.pages().isEmpty()) {
            found(Level.PROBLEM, String.valueOf(probe.error()), candidates());
            return;
        }
        found(Level.OK, "the API answers as it should", "");
        if (records()) {
            cursors();
            if (probe.edge(0) != null) {
                order();
                filter();
                tokens();
            }
        }
        findings.addAll(probe.refusals());
    }

    private boolean records() {
        int received = probe.first().recordCount();
        if (received == 0) {
            found(
                    Level.NOTE,
                    "no records since " + parameters.plan().initialCursor() + ", so that nothing more can be told",
                    "check initialCursor, or ask again once there are some");
            return false;
        }
        found(
                Level.OK,
                received + " records on the first page" + (!probe.leadsOn(0) ? ", and there is no further page" : ""),
                "");
        return true;
    }

    private void cursors() {
        int all = probe.first().recordCount();
        int readable = probe.first().positions().size() + probe.first().ahead();
        String field = parameters.page().cursorField().dotted();
        if (readable == 0) {
            found(Level.PROBLEM, "no record has a cursor that can be read in " + field + hint(), candidates());
        } else if (readable < all) {
            found(
                    Level.NOTE,
                    (all - readable) + " of " + all + " records have no cursor that can be read in " + field + hint(),
                    "onMissingCursor says what becomes of them");
        } else {
            found(Level.OK, "the cursor " + field + " can be read" + (isTime() ? ", to the " + resolution() : ""), "");
        }
        if (probe.first().ahead() > 0) {
            found(
                    Level.NOTE,
                    probe.first().ahead() + " records have a cursor in the future",
                    "they are saved, but don't move the cursor; futureTolerance says how far it may go");
        }
    }

    private boolean isTime() {
        return parameters.page().cursor().type() == CursorType.TIME;
    }

    /** Names the first cursor that looks like a compact date; empty if none does. */
    private String hint() {
        Page page = probe.first();
        return Stream.concat(
                        StreamSupport.stream(page.records().spliterator(), false),
                        page.quarantined().stream().map(Quarantined::record))
                .map(record -> parameters.page().cursorField().in(record))
                .filter(CompactDate::is)
                .findFirst()
                .map(value -> ": " + value + " " + CompactDate.REASON)
                .orElse("");
    }

    private String resolution() {
        return switch (digits()) {
            case 0 -> "second";
            case 1, 2, 3 -> "millisecond";
            case 4, 5, 6 -> "microsecond";
            default -> "nanosecond";
        };
    }

    /** The most digits after the decimal point that any cursor has. */
    private int digits() {
        return probe.pages().stream()
                .flatMap(page -> page.positions().stream())
                .mapToInt(ApiFindings::digits)
                .max()
                .orElse(0);
    }

    private static int digits(Position position) {
        Matcher fraction = FRACTION.matcher(position.text());
        if (fraction.find()) {
            return fraction.group(1).replaceFirst("0+$", "").length();
        }
        if (!EPOCH.matcher(position.text()).matches()) {
            return 0;
        }
        return position.text().length() >= MICROSECOND_DIGITS ? 6 : 3;
    }

    private void order() {
        int shown = probe.pages().size();
        String where = shown == 1 ? "on the page" : "on the " + shown + " pages asked for";
        if (probe.isAscending()) {
            found(Level.OK, "cursors ascend " + where + "; each page moves the stored cursor", "");
        } else {
            found(
                    Level.NOTE,
                    "cursors " + (probe.inOrder(Comparator.reverseOrder()) ? "descend " : "are in no order ") + where
                            + "; the stored cursor moves only when a run is through",
                    "have the API sort by the cursor, by a parameter in query");
        }
    }

    private void filter() {
        if (probe.isInclusive() == null) {
            found(Level.NOTE, "whether the filter includes the cursor (>=) could not be told", "");
        } else if (Boolean.TRUE.equals(probe.isInclusive())) {
            found(Level.OK, parameters.request().cursorParam() + " includes the cursor itself (>=)", "");
        } else {
            String lookback = lookback();
            found(
                    Level.NOTE,
                    parameters.request().cursorParam()
                            + " leaves the cursor itself out (>): a record that comes later with the"
                            + " same cursor is never asked for",
                    isText() ? "ask the API for one that includes it" : "set lookback to the cursor's resolution");
            if (parameters.plan().lookback().isZero() && !isText()) {
                toSet.put("lookback", lookback);
            }
        }
    }

    private boolean isText() {
        return parameters.page().cursor().type() == CursorType.TEXT;
    }

    private String lookback() {
        if (!isTime()) {
            return "1";
        }
        return switch (digits()) {
            case 0 -> "PT1S";
            case 1, 2, 3 -> "PT0.001S";
            case 4, 5, 6 -> "PT0.000001S";
            default -> "PT0.000000001S";
        };
    }

    private void tokens() {
        if (Boolean.TRUE.equals(probe.tokensUsableTwice())) {
            found(Level.OK, "a token can be used twice, so that a lost answer can be asked for again", "");
        } else if (Boolean.FALSE.equals(probe.tokensUsableTwice())) {
            found(
                    Level.NOTE,
                    "a token can be used once, so that after a lost answer the run starts over from its cursor",
                    "");
        }
        if (Boolean.TRUE.equals(probe.skipsTies())) {
            boolean reanchors = parameters.plan().reanchors();
            found(
                    reanchors ? Level.OK : Level.PROBLEM,
                    "tokens skip records that share the page's last cursor"
                            + (reanchors ? "; reanchor=true asks for them" : ""),
                    reanchors ? "" : "set reanchor to true, and keep pages larger than the most records of one cursor");
            if (!reanchors) {
                toSet.put("reanchor", "true");
            }
        } else if (Boolean.FALSE.equals(probe.skipsTies())) {
            found(Level.OK, "tokens keep records that share the page's last cursor", "");
        } else if (probe.pages().size() > 1) {
            found(
                    Level.NOTE,
                    "whether tokens skip records that share a cursor could not be told: no page asked for"
                            + " ended within such records",
                    Boolean.TRUE.equals(probe.isInclusive())
                            ? "reanchor=true is safe either way, for a little more to ask"
                            : "");
        }
    }

    private void found(Level level, String what, String advice) {
        findings.add(new Finding(level, what, advice));
    }

    /** Suggests parameters by the fields that the answer has. */
    private String candidates() {
        JsonNode body = probe.lastBody();
        if (body == null) {
            return "";
        }
        JsonNode record = parameters.page().recordsField().in(body).path(0);
        if (record.isMissingNode()) {
            return suggestion("recordsField", arrays("", body));
        }
        return suggestion(
                "cursorField",
                record.properties().stream()
                        .filter(field -> parameters.page().cursor().read(field.getValue()) != null)
                        .map(Map.Entry::getKey));
    }

    private static Stream<String> arrays(String path, JsonNode node) {
        if (node.isArray()) {
            return Stream.of(path);
        }
        return node.properties().stream()
                .flatMap(field ->
                        arrays(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue()));
    }

    private static String suggestion(String parameter, Stream<String> values) {
        List<String> found = values.limit(MAX_CANDIDATES)
                .map(value -> value.isEmpty() ? "empty" : value)
                .toList();
        return found.isEmpty() ? "check " + parameter : parameter + " may be " + String.join(" or ", found);
    }
}
