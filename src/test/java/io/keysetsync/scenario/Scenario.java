package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an API behaves. Immutable: each method returns a changed copy, so that one scenario can be the start of many.
 * {@link #start()} brings it to life.
 *
 * <p>Unless said otherwise, the API serves {@code {"data": […], "scroll_param": …}} in pages of 50, ascending by
 * {@code updatedAt}; {@code updated_since} is an inclusive filter; tokens are {@link TokenKind#OPAQUE} and never
 * expire; the last page's token is {@code null}. A record without a readable cursor passes every filter and stands
 * behind the record that was put into the feed before it.
 */
public final class Scenario implements Cloneable {
    /** Endings for {@link #tokenText} that break a client which does not encode what it sends, or evaluates it. */
    public static final List<String> HOSTILE_TOKENS = List.of(
            "&updated_since=2000-01-01T00:00:00Z",
            "a+b",
            "#fragment",
            "\"'`\\",
            "{{sync.database.password}}",
            "${header.CamelHttpUri}",
            "${camelContext.version}",
            "RAW(x)",
            " with spaces ",
            "%2B%zz%",
            "=?;/../@:8080",
            "žluťoučký 🐎 例え",
            "\r\nX-Injected: yes\r\n\r\n");

    private enum Order {
        ASCENDING,
        DESCENDING,
        SHUFFLED
    }

    /** What becomes of a filter that comes with a token. */
    enum FilterWithToken {
        REFUSED,
        REQUIRED,
        FORGOTTEN,
        IGNORED,
        INSTEAD
    }

    private record Rule<T>(Predicate<Request> when, T what) {}

    private final Feed feed;
    private String recordsField = "data";
    private String cursorField = "updatedAt";
    private String cursorParam = "updated_since";
    private String scrollField = "scroll_param";
    private String scrollParam = "scroll_param";
    private String untilParam = "until";
    private boolean untilInclusive = true;
    private @Nullable Set<String> onlyParameters;
    private @Nullable Pattern cursorFormat;
    private @Nullable DateTimeFormatter cursorPattern;

    private int pageSize = 50;
    private boolean inclusive = true;
    private @Nullable TemporalUnit filterUnit;
    private boolean hidesUnreadable;
    private boolean ignoresUnreadable;
    private Order order = Order.ASCENDING;
    private long seed;
    private boolean gzip;

    private NextPage nextPage = NextPage.TOKEN;
    private @Nullable Integer firstPage;
    private String moreField = "";
    private FilterWithToken filterWithToken = FilterWithToken.REFUSED;
    private boolean linksFilter;
    private boolean tellsNextNumber;
    private boolean endless;
    private int pastEnd = 200;
    private TokenKind tokens = TokenKind.OPAQUE;
    private String tokenText = "";
    private boolean numericTokens;
    private int tokenCycle;
    private int tokensLast = Integer.MAX_VALUE;
    private boolean tokensUsableOnce;
    private int tokenRefusal = 400;
    private Absent lastToken = Absent.NULL;
    private Absent emptyRecords = Absent.EMPTY;
    private Map<Integer, Integer> emptyPages = Map.of();

    private List<Rule<Fault>> faults = List.of();
    private List<Rule<Consumer<Feed>>> hooks = List.of();
    private List<Rule<Gate>> gates = List.of();

    Scenario(Feed feed) {
        this.feed = feed;
    }

    /** Starts a server that behaves like this. */
    public ScenarioApi start() {
        return new ScenarioApi(this);
    }

    // The shape of requests and responses

    /** Where the records are, {@code data} unless set: a dotted path such as {@code result.items}. */
    public Scenario recordsField(String path) {
        return with(copy -> copy.recordsField = path);
    }

    /** The response is an array of records; there is no place for a token then. */
    public Scenario bareArray() {
        return recordsField("");
    }

    /** Where a record carries its cursor, {@code updatedAt} unless set: a dotted path such as {@code meta.changed}. */
    public Scenario cursorField(String path) {
        return with(copy -> copy.cursorField = path);
    }

    /** The query parameter of the filter, {@code updated_since} unless set. */
    public Scenario cursorParam(String name) {
        return with(copy -> copy.cursorParam = name);
    }

    /** Where a response carries its token, {@code scroll_param} unless set: a dotted path such as {@code meta.next}. */
    public Scenario scrollField(String path) {
        return with(copy -> copy.scrollField = path);
    }

    /** The query parameter of the token, {@code scroll_param} unless set. */
    public Scenario scrollParam(String name) {
        return with(copy -> copy.scrollParam = name);
    }

    /** Besides filter and token, only these query parameters are accepted; any is unless set. */
    public Scenario onlyParameters(String... names) {
        return with(copy -> copy.onlyParameters = Set.of(names));
    }

    /** The filter's value has to match this; any readable cursor is accepted unless set. */
    public Scenario cursorFormat(String regex) {
        return with(copy -> copy.cursorFormat = Pattern.compile(regex));
    }

    /** Times of the filter are written by this date pattern, in UTC; what the pattern lacks is zero. */
    public Scenario cursorPattern(String pattern) {
        DateTimeFormatter formatter = new DateTimeFormatterBuilder()
                .appendPattern(pattern)
                .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                .toFormatter(Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        return with(copy -> copy.cursorPattern = formatter);
    }

    /** The filter's value is cut to this unit, so that the filter lets earlier records through. */
    public Scenario filtersBy(TemporalUnit unit) {
        return with(copy -> copy.filterUnit = unit);
    }

    /** A value of the filter that is no time is ignored, as if the filter had not been sent; unless set, refused. */
    public Scenario ignoresUnreadableFilters() {
        return with(copy -> copy.ignoresUnreadable = true);
    }

    /** The query parameter of the filter's end, {@code until} unless set. */
    public Scenario untilParam(String name) {
        return with(copy -> copy.untilParam = name);
    }

    /** The filter's end keeps only earlier records ({@code <}); unless set, those at that time, too ({@code <=}). */
    public Scenario untilExclusive() {
        return with(copy -> copy.untilInclusive = false);
    }

    /** Answers are compressed for clients that accept it. */
    public Scenario gzip() {
        return with(copy -> copy.gzip = true);
    }

    // What is served, and in which order

    /** Records in a page, 50 unless set. */
    public Scenario pageSize(int records) {
        require(records > 0, "pageSize", records);
        return with(copy -> copy.pageSize = records);
    }

    /** The filter keeps records at the given time and later ({@code >=}), as it does unless set. */
    public Scenario inclusive() {
        return with(copy -> copy.inclusive = true);
    }

    /** The filter keeps only records later than the given time ({@code >}). */
    public Scenario strict() {
        return with(copy -> copy.inclusive = false);
    }

    /** A record without a readable cursor is served only where no filter is asked for, as a database would do it. */
    public Scenario hidingUnreadable() {
        return with(copy -> copy.hidesUnreadable = true);
    }

    /** Oldest first, as it is unless set. */
    public Scenario ascending() {
        return with(copy -> copy.order = Order.ASCENDING);
    }

    /** Newest first. */
    public Scenario descending() {
        return with(copy -> copy.order = Order.DESCENDING);
    }

    /** In an order that has nothing to do with time, the same for the same seed. */
    public Scenario shuffled(long newSeed) {
        return with(copy -> {
            copy.order = Order.SHUFFLED;
            copy.seed = newSeed;
        });
    }

    // Tokens and pages

    /** How an answer tells of the next page, {@link NextPage#TOKEN} unless set. */
    public Scenario nextPage(NextPage kind) {
        return with(copy -> copy.nextPage = kind);
    }

    /** The number of the first page, or of the first record for offsets; 1 and 0 unless set. */
    public Scenario firstPage(int number) {
        return with(copy -> copy.firstPage = number);
    }

    /** A flag that says whether there is a further page: a dotted path; with {@code !} before it, the opposite. */
    public Scenario moreField(String path) {
        return with(copy -> copy.moreField = path);
    }

    /** The filter of a scroll's first request has to come again with each token; unless set, both are refused. */
    public Scenario repeatsFilter() {
        return with(copy -> copy.filterWithToken = FilterWithToken.REQUIRED);
    }

    /** A token or link is a place alone: without the filter beside it, the list is the whole one. */
    public Scenario forgetsFilter() {
        return with(copy -> copy.filterWithToken = FilterWithToken.FORGOTTEN);
    }

    /** A token or link remembers the filter of the scroll's first request; a filter beside it changes nothing. */
    public Scenario ignoresFilterWithToken() {
        return with(copy -> copy.filterWithToken = FilterWithToken.IGNORED);
    }

    /** A filter beside a token begins a new scroll, as if there were no token. */
    public Scenario ignoresTokenWithFilter() {
        return with(copy -> copy.filterWithToken = FilterWithToken.INSTEAD);
    }

    /** Links carry the filter. */
    public Scenario linksWithFilter() {
        return with(copy -> copy.linksFilter = true);
    }

    /** Answers with numbered pages or offsets tell the next one, too: in {@code scrollField} and in the header Link. */
    public Scenario tellsNextNumber() {
        return with(copy -> copy.tellsNextNumber = true);
    }

    /** The last page leads on as well: to empty pages without end. */
    public Scenario endless() {
        return with(copy -> copy.endless = true);
    }

    /** Numbers of pages past the end, and offsets past it, are refused with this status. */
    public Scenario refusesPastEnd(int status) {
        return with(copy -> copy.pastEnd = status);
    }

    /** What tokens stand for, {@link TokenKind#OPAQUE} unless set. */
    public Scenario tokens(TokenKind kind) {
        return with(copy -> copy.tokens = kind);
    }

    /** Tokens end in this text. See {@link #HOSTILE_TOKENS}. */
    public Scenario tokenText(String ending) {
        return with(copy -> copy.tokenText = ending);
    }

    /** Tokens are JSON numbers. */
    public Scenario numericTokens() {
        return with(copy -> copy.numericTokens = true);
    }

    /** After {@code requests} answered requests of one scroll, its tokens are refused with {@code status}. */
    public Scenario tokensExpireAfter(int requests, int status) {
        require(requests > 0, "tokensExpireAfter", requests);
        return with(copy -> {
            copy.tokensLast = requests;
            copy.tokenRefusal = status;
        });
    }

    /** A token that is sent a second time is refused with {@code status}. */
    public Scenario tokensUsableOnce(int status) {
        return with(copy -> {
            copy.tokensUsableOnce = true;
            copy.tokenRefusal = status;
        });
    }

    /** A scroll never ends: its first {@code length} tokens come again and again, and with them their pages. */
    public Scenario tokenCycle(int length) {
        require(length > 0, "tokenCycle", length);
        return with(copy -> copy.tokenCycle = length);
    }

    /** After {@code page} pages of each scroll (0: at its start), {@code count} empty ones with fresh tokens. */
    public Scenario emptyPages(int page, int count) {
        require(page >= 0, "page", page);
        require(count >= 0, "count", count);
        return with(copy -> {
            copy.emptyPages = new HashMap<>(emptyPages);
            copy.emptyPages.put(page, count);
        });
    }

    /** After {@code page} pages of each scroll (0: at its start), empty ones with fresh tokens and without end. */
    public Scenario endlessEmptyPages(int page) {
        return emptyPages(page, Integer.MAX_VALUE);
    }

    /** How a page without records is written, {@code []} unless set. */
    public Scenario emptyRecords(Absent form) {
        return with(copy -> copy.emptyRecords = form);
    }

    /** How the last page writes that there is no token, {@code null} unless set. */
    public Scenario lastToken(Absent form) {
        return with(copy -> copy.lastToken = form);
    }

    // What happens, and when. Of several faults for one request, the one added last counts.

    /** The {@code n}th request (from 1) meets this fault. */
    public Scenario onRequest(int n, Fault fault) {
        return when(nth(n), fault);
    }

    /** The {@code n}th request and all later ones meet this fault. */
    public Scenario fromRequest(int n, Fault fault) {
        return when(request -> request.number() >= n, fault);
    }

    /** Every request meets this fault. */
    public Scenario always(Fault fault) {
        return when(request -> true, fault);
    }

    /** Requests like this meet this fault: those of a path, those with a token, those without a password. */
    public Scenario when(Predicate<Request> like, Fault fault) {
        return with(copy -> copy.faults = plus(faults, new Rule<>(like, fault)));
    }

    /** The live data changes right before the {@code n}th request (from 1) is answered. */
    public Scenario onRequest(int n, Consumer<Feed> change) {
        return when(nth(n), change);
    }

    /** The live data changes right before every request is answered. */
    public Scenario always(Consumer<Feed> change) {
        return when(request -> true, change);
    }

    /** The live data changes right before requests like this are answered. */
    public Scenario when(Predicate<Request> like, Consumer<Feed> change) {
        return with(copy -> copy.hooks = plus(hooks, new Rule<>(like, change)));
    }

    /** The {@code n}th request's answer (from 1) waits until the gate opens. */
    public Scenario onRequest(int n, Gate gate) {
        return when(nth(n), gate);
    }

    /** Answers to requests like this wait until the gate opens. */
    public Scenario when(Predicate<Request> like, Gate gate) {
        return with(copy -> copy.gates = plus(gates, new Rule<>(like, gate)));
    }

    // What the running API asks

    Scenario validated() {
        boolean byTime = tokens == TokenKind.TIMESTAMP_LOSSY || tokens == TokenKind.KEYSET;
        if (nextPage.hasTokens() && byTime && order == Order.SHUFFLED) {
            throw new IllegalArgumentException("Tokens of kind " + tokens + " need an order by time, not " + order);
        }
        if (tokenCycle > 0 && tokens != TokenKind.OPAQUE) {
            throw new IllegalArgumentException("A token cycle needs tokens of kind OPAQUE, not " + tokens);
        }
        return this;
    }

    Feed feed() {
        return feed;
    }

    String recordsField() {
        return recordsField;
    }

    String cursorField() {
        return cursorField;
    }

    String cursorParam() {
        return cursorParam;
    }

    String scrollField() {
        return scrollField;
    }

    String scrollParam() {
        return scrollParam;
    }

    String untilParam() {
        return untilParam;
    }

    NextPage nextPage() {
        return nextPage;
    }

    int firstPage() {
        return firstPage != null ? firstPage : nextPage == NextPage.PAGE ? 1 : 0;
    }

    String moreField() {
        return moreField;
    }

    FilterWithToken filterWithToken() {
        return filterWithToken;
    }

    boolean isFilterLinked() {
        return linksFilter;
    }

    boolean isNextNumberTold() {
        return tellsNextNumber;
    }

    boolean isEndless() {
        return endless;
    }

    int pastEnd() {
        return pastEnd;
    }

    int pageSize() {
        return pageSize;
    }

    int tokenCycle() {
        return tokenCycle;
    }

    int tokensLast() {
        return tokensLast;
    }

    boolean areTokensUsableOnce() {
        return tokensUsableOnce;
    }

    int tokenRefusal() {
        return tokenRefusal;
    }

    TokenKind tokens() {
        return nextPage.sees(tokens);
    }

    boolean isGzip() {
        return gzip;
    }

    Absent emptyRecords() {
        return emptyRecords;
    }

    Absent lastToken() {
        return lastToken;
    }

    int emptyPagesAfter(int page) {
        return emptyPages.getOrDefault(page, 0);
    }

    boolean allowsParameter(String name) {
        return onlyParameters == null
                || onlyParameters.contains(name)
                || name.equals(cursorParam)
                || name.equals(untilParam)
                || name.equals(scrollParam);
    }

    boolean areUnreadableFiltersIgnored() {
        return ignoresUnreadable;
    }

    /** The time that a value of the filter means; empty if the API refuses or ignores the value. */
    Optional<Instant> filterTime(String text) {
        return written(text).map(time -> filterUnit == null ? time : time.truncatedTo(filterUnit));
    }

    private Optional<Instant> written(String text) {
        if (cursorFormat != null && !cursorFormat.matcher(text).matches()) {
            return Optional.empty();
        }
        if (cursorPattern == null) {
            return CursorTime.read(text);
        }
        try {
            return Optional.of(cursorPattern.parse(text, Instant::from));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    Predicate<Row> until(Instant time) {
        return row -> {
            int compared = row.place().compareTo(time);
            boolean kept = untilInclusive ? compared <= 0 : compared < 0;
            return row.readable() ? kept : !hidesUnreadable;
        };
    }

    Predicate<Row> since(Instant time) {
        return row -> {
            int compared = row.place().compareTo(time);
            boolean kept = inclusive ? compared >= 0 : compared > 0;
            return row.readable() ? kept : !hidesUnreadable;
        };
    }

    Comparator<Row> order() {
        return (order == Order.SHUFFLED ? Comparator.<Row>comparingLong(row -> row.shuffleKey(seed)) : byTime())
                .thenComparing(Row.BY_NUMBER);
    }

    Comparator<Row> byTime() {
        return order == Order.DESCENDING ? Row.BY_PLACE.reversed() : Row.BY_PLACE;
    }

    JsonNode token(int number) {
        return numericTokens ? IntNode.valueOf(number) : TextNode.valueOf("token-" + number + tokenText);
    }

    Fault faultFor(Request request) {
        List<Fault> matching = matching(faults, request);
        return matching.isEmpty() ? Fault.none() : matching.get(matching.size() - 1);
    }

    List<Consumer<Feed>> hooksFor(Request request) {
        return matching(hooks, request);
    }

    List<Gate> gatesFor(Request request) {
        return matching(gates, request);
    }

    private Scenario with(Consumer<Scenario> change) {
        try {
            Scenario copy = (Scenario) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static Predicate<Request> nth(int n) {
        require(n > 0, "request", n);
        return request -> request.number() == n;
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> longer = new ArrayList<>(list);
        longer.add(one);
        return longer;
    }

    private static <T> List<T> matching(List<Rule<T>> rules, Request request) {
        return rules.stream()
                .filter(rule -> rule.when().test(request))
                .map(Rule::what)
                .toList();
    }

    private static void require(boolean valid, String name, int value) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
