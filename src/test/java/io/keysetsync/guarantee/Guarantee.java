package io.keysetsync.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.guarantee.Case.Disturbed;
import io.keysetsync.guarantee.Case.Kind;
import io.keysetsync.guarantee.Ledger.Version;
import io.keysetsync.guarantee.Streams.Received;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Plays one case, and checks after each of its runs what is promised at any time, and after the last that all is there. */
final class Guarantee {

    private final Case world;
    private final ScenarioApi api;
    private final Streams streams;
    private final JdbcTemplate database;
    private final String stream;
    private final Ledger ledger;

    /** The runs' rows before the current run. */
    private Set<String> runsBefore = Set.of();
    /** The stream's cursor before the current run. */
    private @Nullable Instant begin;
    /** The names of all versions in committed pages. */
    private final Set<String> committed = new HashSet<>();
    /** Whether records may have been lost to a client that could not know. */
    private boolean incomplete;

    private Guarantee(Case world, ScenarioApi api, Streams streams) {
        this.world = world;
        this.api = api;
        this.streams = streams;
        this.database = streams.database();
        this.stream = Streams.name(world.setup().parameters(), world.setup().schema());
        this.ledger = new Ledger(world);
    }

    /** A row of the table. */
    private record Row(String id, String name) {}

    /** A row of the table of runs. */
    record Run(
            String id,
            String status,
            int pages,
            int records,
            int upserted,
            int unchanged,
            int deleted,
            int quarantined,
            @Nullable String from,
            @Nullable String to,
            @Nullable String error) {}

    /** Plays the case; gives how each of its runs ended. */
    static List<String> holds(Case world, ScenarioApi api, Streams streams) throws Exception {
        streams.forgetAll();
        Guarantee guarantee = new Guarantee(world, api, streams);
        List<String> ends = new ArrayList<>();
        for (Disturbed run : world.disturbed()) {
            ends.add(guarantee.disturbed(run));
        }
        guarantee.quiet();
        return ends;
    }

    private String disturbed(Disturbed disturbed) throws Exception {
        disturbed.changes().stream()
                .filter(change -> change.request() == 0)
                .forEach(change -> ledger.change(change.change(), change.which()));
        Scenario scenario = disturbed.apply(world.scenario(ScenarioApi.of(ledger.feed()), true));
        for (Case.Changed change : disturbed.changes()) {
            if (change.request() > 0) {
                scenario = scenario.onRequest(change.request(), feed -> changeDuring(change));
            }
        }
        api.reset(scenario);
        List<Received> pages = run(disturbed.crash());
        Run run = newRun();
        check(run, pages);
        if (run == null) {
            assertThat(streams.wasKilled()).as("a run without a row").isTrue();
            return "killed";
        }
        checkStatus(run, disturbed);
        return streams.wasKilled() ? "killed" : run.status();
    }

    private void changeDuring(Case.Changed change) {
        Request request = api.requests().get(change.request() - 1);
        ledger.asked(latestUntil());
        String last = world.setup().token(request);
        int takenOut = ledger.change(change.change(), change.which());
        incomplete |= last != null && WhatNoClientCanKnow.shiftsALiveOffset(world, ledger, takenOut);
        incomplete |= last != null && WhatNoClientCanKnow.movesTheLastRecord(world, ledger, last, takenOut);
    }

    /** The latest end of a window that this run has asked for; null if it has asked for none. */
    private @Nullable Instant latestUntil() {
        return api.requests().stream().map(world.setup()::until).reduce(null, Guarantee::later);
    }

    private void quiet() throws Exception {
        boolean expiring = !WhatNoClientCanKnow.tokensMayExpireTooSoon(world, ledger);
        api.reset(world.scenario(ScenarioApi.of(ledger.feed()), expiring));
        Instant from = mark();
        List<Received> pages = run(null);
        Run run = newRun();
        check(run, pages);
        assertThat(run.status()).as("the quiet run: %s", run.error()).isEqualTo("complete");
        assertThat(count("SELECT COUNT(*) FROM keyset_sync_run WHERE status = 'running'"))
                .as("runs left running")
                .isZero();
        Instant greatest = ledger.greatest();
        if (!askedByNoKey()) {
            assertThat(mark())
                    .as("the cursor after a complete run")
                    .isEqualTo(world.setup().hasWindows() && isWindowsEnd(mark()) ? later(greatest, mark()) : greatest);
        }
        checkTruth(from);
    }

    private boolean askedByNoKey() {
        return api.requests().stream()
                .map(world.setup()::token)
                .filter(Objects::nonNull)
                .anyMatch(last -> WhatNoClientCanKnow.isNoKey(world, ledger, last));
    }

    private List<Received> run(@Nullable Crash crash) throws Exception {
        runsBefore = new HashSet<>(runs().stream().map(Run::id).toList());
        begin = mark();
        return streams.run(world.setup().parameters(), world.setup().schema(), crash);
    }

    // What holds at any time

    private void check(@Nullable Run run, List<Received> pages) {
        int committedPages = run == null ? 0 : run.pages();
        List<Received> saved = pages.subList(0, committedPages);
        boolean complete = run != null && run.status().equals("complete");
        ledger.asked(latestUntil());
        saved.forEach(page -> page.records().forEach(record -> committed.add(name(record))));
        List<List<Instant>> scrolls = scrolls(saved);
        boolean moved = !Objects.equals(mark(), begin);
        Set<Instant> windows = api.requests().stream()
                .map(world.setup()::until)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        int restarts = world.setup().hasWindows() ? scrolls.size() - windows.size() : scrolls.size() - 1;
        incomplete |= WhatNoClientCanKnow.onlyLookedAscending(world, scrolls, complete ? restarts : 0, complete, moved);
        incomplete |= askedByNoKey();
        checkCounts(saved);
        checkCursor(saved, scrolls, complete, pages);
        checkRowsAreThoseOfCommittedPages();
        checkNothingIsPassed();
    }

    private void checkCounts(List<Received> saved) {
        for (Run run : runs()) {
            assertThat(run.records())
                    .as("%s", run)
                    .isEqualTo(run.upserted() + run.unchanged() + run.deleted() + run.quarantined());
        }
        assertThat(saved).allSatisfy(page -> assertThat(page.records())
                .hasSizeLessThanOrEqualTo(world.api().pageSize()));
    }

    private List<Instant> values(Received page) {
        return page.records().stream()
                .map(record -> ledger.byName(name(record)))
                .filter(Version::counts)
                .map(Version::instant)
                .toList();
    }

    /** Where rules 3 and 4 leave the cursor after these pages of one scroll. */
    private @Nullable Instant midScroll(List<Received> scroll) {
        Instant mark = begin;
        Instant greatest = null;
        Instant before = null;
        Instant back = null;
        for (Received page : scroll) {
            for (Instant value : values(page)) {
                if (greatest == null || value.isAfter(greatest)) {
                    before = greatest;
                    greatest = value;
                } else if (value.isBefore(greatest) && (back == null || value.isBefore(back))) {
                    back = value;
                }
            }
            if (back == null) {
                mark = later(mark, before);
            } else if (mark != null && back.isBefore(mark)) {
                mark = begin;
            }
        }
        return mark;
    }

    private List<List<Instant>> scrolls(List<Received> pages) {
        List<List<Instant>> scrolls = new ArrayList<>();
        for (Received page : pages) {
            if (world.setup().begins(page.request())) {
                scrolls.add(new ArrayList<>());
            }
            scrolls.get(scrolls.size() - 1).addAll(values(page));
        }
        return scrolls;
    }

    /** Rules 3 and 4, from what was served. */
    private void checkCursor(
            List<Received> saved, List<List<Instant>> scrolls, boolean complete, List<Received> pages) {
        Instant mark = mark();
        String text = cursor();
        if (mark != null && !isWindowsEnd(mark)) {
            assertThat(ledger.texts(mark))
                    .as("the cursor is the API's own text")
                    .contains(text);
        }
        List<Instant> values =
                scrolls.stream().flatMap(List::stream).distinct().sorted().toList();
        Instant greatest = later(begin, values.isEmpty() ? null : values.get(values.size() - 1));
        if (world.setup().hasWindows() && isWindowsEnd(mark)) {
            assertThat(later(mark, begin)).as("the cursor after a run").isEqualTo(mark);
        } else if (complete && !world.setup().hasWindows() && !askedByNoKey()) {
            assertThat(mark).as("the cursor at the scroll's end").isEqualTo(greatest);
        } else if (scrolls.size() == 1 && !world.setup().hasWindows() && !complete) {
            Instant held = midScroll(saved);
            boolean endedUnclosed = streams.wasKilled() && lastRequestWasAnswered(pages);
            assertThat(mark).as("the cursor mid-scroll").isIn(endedUnclosed ? asList(held, greatest) : asList(held));
        } else {
            assertThat(mark)
                    .as("the cursor")
                    .isIn(Stream.concat(Stream.of(begin), values.stream()).toList());
            assertThat(later(mark, begin)).as("the cursor after a run").isEqualTo(mark);
        }
    }

    /**
     * Whether a cursor is where a window leaves it: one unit before its end, and in the notation of a record. No other
     * window than the last run's counts, or the one at which that run began.
     */
    private boolean isWindowsEnd(@Nullable Instant mark) {
        return mark != null
                && world.setup().hasWindows()
                && (mark.equals(begin)
                        || api.requests().stream()
                                .map(world.setup()::until)
                                .filter(Objects::nonNull)
                                .map(until -> until.minus(world.setup().sent().unit()))
                                .anyMatch(end -> !mark.isAfter(end)
                                        && mark.plusSeconds(1).isAfter(end)));
    }

    private static List<@Nullable Instant> asList(@Nullable Instant... instants) {
        return new ArrayList<>(Arrays.asList(instants));
    }

    private boolean lastRequestWasAnswered(List<Received> pages) {
        return !pages.isEmpty()
                && pages.get(pages.size() - 1).request().number()
                        == api.requests().size();
    }

    private void checkRowsAreThoseOfCommittedPages() {
        Map<String, Row> rows = rows();
        for (Row row : rows.values()) {
            assertThat(committed)
                    .as("rows are there only with their page's commit")
                    .contains(row.name());
        }
        for (String name : committed) {
            Version version = ledger.byName(name);
            if (!isSetAside(version)) {
                assertThatHasReached(rows, version, "a row of a committed page");
            }
        }
    }

    /** No record is behind the cursor and not in the table. */
    private void checkNothingIsPassed() {
        Instant mark = mark();
        if (mark == null || incomplete) {
            return;
        }
        Map<String, Row> rows = rows();
        ledger.current().values().stream()
                .flatMap(List::stream)
                .filter(Version::counts)
                .filter(version -> !version.instant().isAfter(mark))
                .filter(version -> !isExcused(version) && !WhatNoClientCanKnow.cameLate(version))
                .forEach(version -> assertThatHasReached(rows, version, "a record that the cursor has passed"));
    }

    private void assertThatHasReached(Map<String, Row> rows, Version version, String what) {
        Row row = rows.get(version.id());
        assertThat(row).as("%s: %s", what, version).isNotNull();
        Instant there = ledger.byName(row.name()).instant();
        if (version.instant() != null && !WhatNoClientCanKnow.isSameMicrosecond(there, version.instant())) {
            assertThat(there).as("%s: %s", what, version).isNotNull().isAfterOrEqualTo(version.instant());
        }
    }

    private boolean isExcused(Version version) {
        return incomplete
                || WhatNoClientCanKnow.isHiddenByTheFilter(world, version)
                || WhatNoClientCanKnow.isSkippedByALossyToken(world, ledger, version);
    }

    private void checkStatus(Run run, Disturbed disturbed) {
        if (streams.wasKilled()) {
            assertThat(run.status()).isIn("running", "complete", "failed");
            return;
        }
        boolean down = disturbed.outage() > 0 && api.requests().size() >= disturbed.outage();
        boolean maySee = world.api().tokensUsableOnce()
                || world.api().tokensLast() > 0
                || (run.error() != null
                        && run.error().contains("second time")
                        && WhatNoClientCanKnow.mayRepeatAPage(world, disturbed))
                || WhatNoClientCanKnow.mayForgetTheLastRecord(world, disturbed);
        if (down) {
            assertThat(run.status()).isEqualTo("failed");
        } else if (maySee) {
            assertThat(run.status()).isIn("complete", "failed");
        } else {
            assertThat(run.status()).as("%s", run).isEqualTo("complete");
        }
        assertThat(run.error() == null).isEqualTo(run.status().equals("complete"));
    }

    // What holds after the quiet run

    /** The table has every record's latest version and nothing else. */
    private void checkTruth(@Nullable Instant from) {
        Map<String, Row> rows = rows();
        assertThat(ledger.current().keySet()).as("keys of the API").containsAll(rows.keySet());
        ledger.current().forEach((id, versions) -> {
            List<Version> due =
                    versions.stream().filter(version -> !isSetAside(version)).toList();
            Version must = due.stream()
                    .filter(version -> !isExcused(version))
                    .filter(version -> !WhatNoClientCanKnow.cameLate(version) || isAskedFor(version, from))
                    .max(Ledger.BY_VERSION)
                    .orElse(null);
            Row row = rows.get(id);
            if (must == null) {
                assertThat(row == null || ledger.byName(row.name()).id().equals(id))
                        .as("%s holds %s", id, row)
                        .isTrue();
                return;
            }
            List<String> right = due.stream()
                    .filter(version -> Ledger.BY_VERSION.compare(version, must) >= 0
                            || WhatNoClientCanKnow.isSameMicrosecond(version.instant(), must.instant()))
                    .map(Version::name)
                    .toList();
            assertThat(row).as("the row of %s", must).isNotNull();
            assertThat(row.name()).as("the row of %s", must).isIn(right);
        });
        checkQuarantine();
    }

    private boolean isAskedFor(Version version, @Nullable Instant from) {
        if (from == null || version.instant() == null) {
            return true;
        }
        int order = version.instant().compareTo(from.minus(world.setup().lookback()));
        return world.api().inclusive() ? order >= 0 : order > 0;
    }

    private void checkQuarantine() {
        List<String> asideRecords = database.queryForList("SELECT record FROM keyset_sync_quarantine", String.class);
        ledger.current().values().stream()
                .flatMap(List::stream)
                .filter(version -> isSetAside(version) && !isExcused(version))
                .forEach(version -> assertThat(asideRecords)
                        .as("set aside: %s", version)
                        .anyMatch(record -> record.contains("\"" + version.name() + "\"")));
    }

    private boolean isSetAside(Version version) {
        boolean fits =
                version.kind() != Kind.UNREADABLE || !world.setup().table().equals("user");
        return version.instant() == null && (world.setup().onMissingCursor().equals("quarantine") || !fits);
    }

    // The database, as another process sees it

    private boolean hasTable(String table) {
        return count("SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE UPPER(TABLE_NAME) = UPPER('" + table + "')")
                > 0;
    }

    private int count(String sql) {
        Integer count = database.queryForObject(sql, Integer.class);
        return count == null ? 0 : count;
    }

    private Map<String, Row> rows() {
        Map<String, Row> rows = new HashMap<>();
        if (hasTable(world.setup().table())) {
            database.query("SELECT \"id\", \"name\" FROM \"" + world.setup().table() + "\"", row -> {
                rows.put(row.getString(1), new Row(row.getString(1), row.getString(2)));
            });
        }
        return rows;
    }

    private List<Run> runs() {
        if (!hasTable("KEYSET_SYNC_RUN")) {
            return List.of();
        }
        return database.query(
                "SELECT run_id, status, pages, records, upserted, unchanged, deleted, quarantined, cursor_from, cursor_to,"
                        + " error"
                        + " FROM keyset_sync_run",
                (row, i) -> new Run(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getInt(5),
                        row.getInt(6),
                        row.getInt(7),
                        row.getInt(8),
                        row.getString(9),
                        row.getString(10),
                        row.getString(11)));
    }

    private @Nullable Run newRun() {
        List<Run> fresh =
                runs().stream().filter(run -> !runsBefore.contains(run.id())).toList();
        assertThat(fresh).hasSizeLessThanOrEqualTo(1);
        return fresh.isEmpty() ? null : fresh.get(0);
    }

    private @Nullable String cursor() {
        if (!hasTable("KEYSET_SYNC_CURSOR")) {
            return null;
        }
        return database
                .queryForList("SELECT cursor_value FROM keyset_sync_cursor WHERE stream = ?", String.class, stream)
                .stream()
                .reduce(null, (a, b) -> b);
    }

    private @Nullable Instant mark() {
        String cursor = cursor();
        return cursor == null ? null : world.setup().read(cursor);
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }

    private static String name(JsonNode record) {
        return record.path("name").asText();
    }
}
