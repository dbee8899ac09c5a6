package io.keysetsync.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Position;
import io.keysetsync.http.Failure;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageRequest;
import io.keysetsync.source.SourceParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how an API pages, by asking it: in which order, whether its filter includes the cursor, whether its tokens
 * skip records that share a cursor, and whether one can be used twice. At most {@value #MOST_REQUESTS} requests, of which
 * none is tried again; nothing is written.
 */
public final class ApiCheck implements Inspection {

    static final int MOST_REQUESTS = 6;

    /** How much a finding matters. */
    public enum Level {
        OK,
        NOTE,
        PROBLEM
    }

    /**
     * Something that was found.
     *
     * @param what in one line
     * @param advice what to do about it; empty where there is nothing to do
     */
    public record Finding(Level level, String what, String advice) {}

    /** What was asked for last. */
    private enum Asked {
        FIRST_PAGE,
        SECOND_PAGE,
        SECOND_PAGE_AGAIN,
        SINCE_FIRST_PAGE,
        THIRD_PAGE,
        SINCE_SECOND_PAGE,
        NOTHING
    }

    private static final Pattern FRACTION = Pattern.compile("[.,](\\d{1,9})");
    private static final Pattern MILLISECONDS = Pattern.compile("\\d{12,}");
    private static final int MOST_CANDIDATES = 5;

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> parameters = new TreeMap<>();
    private final List<Page> pages = new ArrayList<>();
    private @Nullable SourceParameters settings;
    private Asked asked = Asked.FIRST_PAGE;
    private @Nullable Boolean inclusive;
    private @Nullable Boolean skipsTies;
    private @Nullable Boolean tokensUsableTwice;
    private @Nullable JsonNode lastBody;

    private ApiCheck() {}

    /**
     * Asks the API of a stream.
     *
     * @throws io.keysetsync.ConfigurationException if there is no such stream
     */
    public static ApiCheck of(CamelContext context, String stream) throws Exception {
        ApiCheck check = new ApiCheck();
        check.inspect(context, stream);
        return check;
    }

    /** What was found, in the order in which one would want to know. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** The source's parameters to set, by name. */
    public Map<String, String> parameters() {
        return Map.copyOf(parameters);
    }

    @Override
    public PageRequest first(SourceParameters ofStream, PageRequest planned) {
        settings = ofStream;
        return new PageRequest.Since(ofStream.initialCursor());
    }

    @Override
    public void answered(JsonNode body) {
        lastBody = body;
    }

    @Override
    public ArrayNode page(Page page) {
        switch (asked) {
            case FIRST_PAGE, SECOND_PAGE, THIRD_PAGE -> pages.add(page);
            case SECOND_PAGE_AGAIN -> tokensUsableTwice = page.records().equals(second().records());
            case SINCE_FIRST_PAGE -> since(page, 0);
            case SINCE_SECOND_PAGE -> since(page, 1);
            case NOTHING -> throw new IllegalStateException("nothing was asked for");
        }
        return JsonNodeFactory.instance.arrayNode();
    }

    private SourceParameters settings() {
        return Objects.requireNonNull(settings);
    }

    private Page first() {
        return pages.get(0);
    }

    private Page second() {
        return pages.get(1);
    }

    @Override
    public @Nullable PageRequest next() {
        switch (asked) {
            case FIRST_PAGE -> {
                if (edge(0) == null) {
                    asked = Asked.NOTHING;
                    return null;
                }
                return first().token() == null ? askSince(0, Asked.SINCE_FIRST_PAGE) : askFor(0, Asked.SECOND_PAGE);
            }
            case SECOND_PAGE -> {
                return pages.size() < 2 ? askSince(0, Asked.SINCE_FIRST_PAGE) : askFor(0, Asked.SECOND_PAGE_AGAIN);
            }
            case SECOND_PAGE_AGAIN -> {
                return askSince(0, Asked.SINCE_FIRST_PAGE);
            }
            case SINCE_FIRST_PAGE -> {
                boolean undecided = skipsTies == null && Boolean.TRUE.equals(inclusive) && pages.size() > 1;
                if (undecided && second().token() != null && edge(1) != null) {
                    return askFor(1, Asked.THIRD_PAGE);
                }
            }
            case THIRD_PAGE -> {
                if (pages.size() > 2) {
                    return askSince(1, Asked.SINCE_SECOND_PAGE);
                }
            }
            case SINCE_SECOND_PAGE, NOTHING -> {
                // that was all
            }
        }
        asked = Asked.NOTHING;
        return null;
    }

    private PageRequest askFor(int page, Asked what) {
        asked = what;
        return new PageRequest.Continue(Objects.requireNonNull(pages.get(page).token()));
    }

    private PageRequest askSince(int page, Asked what) {
        asked = what;
        return new PageRequest.Since(Objects.requireNonNull(edge(page)).text());
    }

    /** The greatest cursor of a page. */
    private @Nullable Position edge(int page) {
        return pages.get(page).positions().stream()
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** What the answer to a question for all since a page's greatest cursor tells. */
    private void since(Page answer, int page) {
        Position edge = Objects.requireNonNull(edge(page));
        List<JsonNode> tie = at(edge, answer).toList();
        if (!tie.isEmpty()) {
            inclusive = true;
        } else if (inclusive == null && (isAscending() || answer.received() == 0)) {
            inclusive = false;
        }
        if (tie.isEmpty() || !isAscending() || pages.size() < page + 2) {
            return;
        }
        List<JsonNode> next = at(edge, pages.get(page + 1)).toList();
        List<JsonNode> seen =
                Stream.concat(at(edge, pages.get(page)), next.stream()).toList();
        if (!seen.containsAll(tie)) {
            skipsTies = true;
        } else if (!next.isEmpty()) {
            skipsTies = false;
        }
    }

    private Stream<JsonNode> at(Position cursor, Page page) {
        return StreamSupport.stream(page.records().spliterator(), false).filter(record -> {
            Position position = Position.of(settings().cursorField().in(record));
            return position != null && position.compareTo(cursor) == 0;
        });
    }

    private boolean isAscending() {
        return inOrder(Comparator.naturalOrder());
    }

    private boolean inOrder(Comparator<Position> order) {
        List<Position> all =
                pages.stream().flatMap(page -> page.positions().stream()).toList();
        for (int i = 1; i < all.size(); i++) {
            if (order.compare(all.get(i - 1), all.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean failed(Failure failure) {
        String why = String.valueOf(failure.error().getMessage());
        switch (asked) {
            case SECOND_PAGE_AGAIN -> {
                tokensUsableTwice = failure.refusesToken() ? Boolean.FALSE : null;
                return true;
            }
            case SECOND_PAGE, THIRD_PAGE -> {
                found(Level.PROBLEM, "the token of a page is refused: " + why, "check scrollField and scrollParam");
                return true;
            }
            case SINCE_FIRST_PAGE, SINCE_SECOND_PAGE -> {
                found(
                        Level.PROBLEM,
                        "the API refuses its own cursor in " + settings().cursorParam() + ": " + why,
                        "check cursorField and cursorParam");
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    @Override
    public void ended(RunStatus status, @Nullable String error) {
        List<Finding> refusals = List.copyOf(findings);
        findings.clear();
        if (pages.isEmpty()) {
            found(Level.PROBLEM, String.valueOf(error), candidates());
            return;
        }
        found(Level.OK, "the API answers as it should", "");
        if (records()) {
            cursors();
            if (edge(0) != null) {
                order();
                filter();
                tokens();
            }
        }
        findings.addAll(refusals);
    }

    private boolean records() {
        int received = first().received();
        if (received == 0) {
            found(
                    Level.NOTE,
                    "no records since " + settings().initialCursor() + ", so that nothing more can be told",
                    "check initialCursor, or ask again once there are some");
            return false;
        }
        found(
                Level.OK,
                received + " records on the first page"
                        + (first().token() == null ? ", and there is no further page" : ""),
                "");
        return true;
    }

    private void cursors() {
        int all = first().received();
        int readable = first().positions().size() + first().ahead();
        String field = settings().cursorField().dotted();
        if (readable == 0) {
            found(Level.PROBLEM, "no record has a cursor that can be read in " + field, candidates());
        } else if (readable < all) {
            found(
                    Level.NOTE,
                    (all - readable) + " of " + all + " records have no cursor that can be read in " + field,
                    "onMissingCursor says what becomes of them");
        } else {
            found(Level.OK, "the cursor " + field + " can be read, to the " + resolution(), "");
        }
        if (first().ahead() > 0) {
            found(
                    Level.NOTE,
                    first().ahead() + " records have a cursor in the future",
                    "they are saved, but don't move the cursor; futureTolerance says how far it may go");
        }
    }

    private String resolution() {
        return switch (digits()) {
            case 0 -> "second";
            case 1, 2, 3 -> "millisecond";
            case 4, 5, 6 -> "microsecond";
            default -> "nanosecond";
        };
    }

    /** The digits behind the point that tell the cursors apart. */
    private int digits() {
        return pages.stream()
                .flatMap(page -> page.positions().stream())
                .mapToInt(ApiCheck::digits)
                .max()
                .orElse(0);
    }

    private static int digits(Position position) {
        Matcher fraction = FRACTION.matcher(position.text());
        if (fraction.find()) {
            return fraction.group(1).replaceFirst("0+$", "").length();
        }
        return MILLISECONDS.matcher(position.text()).matches() ? 3 : 0;
    }

    private void order() {
        int shown = pages.size();
        String where = shown == 1 ? "on the page" : "on the " + shown + " pages asked for";
        if (isAscending()) {
            found(Level.OK, "cursors ascend " + where + "; each page moves the stored cursor", "");
        } else {
            found(
                    Level.NOTE,
                    "cursors " + (inOrder(Comparator.reverseOrder()) ? "descend " : "are in no order ") + where
                            + "; the stored cursor moves only when a run is through",
                    "have the API sort by the cursor, by a parameter in query");
        }
    }

    private void filter() {
        if (inclusive == null) {
            found(Level.NOTE, "whether the filter includes the cursor (>=) could not be told", "");
        } else if (inclusive) {
            found(Level.OK, settings().cursorParam() + " includes the cursor itself (>=)", "");
        } else {
            String lookback = lookback();
            found(
                    Level.NOTE,
                    settings().cursorParam() + " leaves the cursor itself out (>): a record that comes later with the"
                            + " same cursor is never asked for",
                    "set lookback to the cursor's resolution");
            if (settings().lookback().isZero()) {
                parameters.put("lookback", lookback);
            }
        }
    }

    private String lookback() {
        return switch (digits()) {
            case 0 -> "PT1S";
            case 1, 2, 3 -> "PT0.001S";
            case 4, 5, 6 -> "PT0.000001S";
            default -> "PT0.000000001S";
        };
    }

    private void tokens() {
        if (Boolean.TRUE.equals(tokensUsableTwice)) {
            found(Level.OK, "a token can be used twice, so that a lost answer can be asked for again", "");
        } else if (Boolean.FALSE.equals(tokensUsableTwice)) {
            found(
                    Level.NOTE,
                    "a token can be used once, so that after a lost answer the run starts over from its cursor",
                    "");
        }
        if (Boolean.TRUE.equals(skipsTies)) {
            boolean reanchors = settings().paging() == SourceParameters.Paging.REANCHOR;
            found(
                    reanchors ? Level.OK : Level.PROBLEM,
                    "tokens skip records that share the page's last cursor"
                            + (reanchors ? "; paging=reanchor asks for them" : ""),
                    reanchors
                            ? ""
                            : "set paging to reanchor, and keep pages larger than the most records of one cursor");
            if (!reanchors) {
                parameters.put("paging", "reanchor");
            }
        } else if (Boolean.FALSE.equals(skipsTies)) {
            found(Level.OK, "tokens keep records that share the page's last cursor", "");
        } else if (pages.size() > 1) {
            found(
                    Level.NOTE,
                    "whether tokens skip records that share a cursor could not be told: no page asked for"
                            + " ended within such records",
                    Boolean.TRUE.equals(inclusive)
                            ? "paging=reanchor is safe either way, for a little more to ask"
                            : "");
        }
    }

    private void found(Level level, String what, String advice) {
        findings.add(new Finding(level, what, advice));
    }

    /** Which parameters the answer's own fields suggest. */
    private String candidates() {
        if (lastBody == null) {
            return "";
        }
        JsonNode record = settings().recordsField().in(lastBody).path(0);
        if (record.isMissingNode()) {
            return suggestion("recordsField", arrays("", lastBody));
        }
        return suggestion(
                "cursorField",
                record.properties().stream()
                        .filter(field -> Position.of(field.getValue()) != null)
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
        List<String> found = values.limit(MOST_CANDIDATES)
                .map(value -> value.isEmpty() ? "empty" : value)
                .toList();
        return found.isEmpty() ? "check " + parameter : parameter + " may be " + String.join(" or ", found);
    }
}
