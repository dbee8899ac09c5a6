package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.SyncException;
import io.keysetsync.inspect.discover.Found.Sureness;
import io.keysetsync.inspect.hint.NextHints;
import io.keysetsync.inspect.hint.NextHints.NextHint;
import io.keysetsync.paging.Page;
import io.keysetsync.record.FieldPath;
import io.keysetsync.request.PageRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Finds out what leads from the first page of a list to the second, by trying it. */
final class NextPage {

    /** A page's number, or an offset, that no list reaches. */
    private static final String FAR = "1000000";

    /** Requests that are left for the filter. */
    private static final int FOR_THE_FILTER = 6;

    private final Api api;
    private final Reply first;
    private final Set<JsonNode> firstRecords = new HashSet<>();
    private final Map<String, String> found = new LinkedHashMap<>();

    NextPage(Api api, Reply first) {
        this.api = api;
        this.first = first;
        api.page(first).records().forEach(firstRecords::add);
    }

    /** The first pages, at most {@code most}; one if nothing leads on. */
    static List<Reply> read(Api api, Reply first, int most) throws Exception {
        List<Reply> pages = new ArrayList<>(List.of(first));
        while (pages.size() < most && api.left() > 0) {
            PageRequest next = next(api, pages);
            Reply reply = next == null ? null : api.ask(next);
            if (reply == null || reply.body() == null) {
                break;
            }
            pages.add(reply);
        }
        return pages;
    }

    /** The request for the page after some; null if there is none, or if the pages lead in a circle, as the check will say. */
    private static @Nullable PageRequest next(Api api, List<Reply> pages) {
        try {
            return api.after(pages);
        } catch (SyncException e) {
            return null;
        }
    }

    /** What leads on; sets the parameters for it. */
    Found find() throws Exception {
        JsonNode body = Objects.requireNonNull(first.body());
        Optional<NextHint> hint = NextHints.in(body, api.source().page().recordsField(), first.nextLink());
        if (hint.isPresent()) {
            Found leading = follow(hint.get(), body);
            if (leading != null) {
                return leading;
            }
        }
        if (NextHints.isLast(body, api.source().page().recordsField()) || nullToken(body) != null) {
            return onlyPage(body);
        }
        Found counted = byCount(body);
        if (counted == null && !found.isEmpty()) {
            throw new UndecidedException(
                    "the answer says by '" + found.get("moreField").replace("!", "")
                            + "' that there is more, and nothing was found that leads to it; say how the API pages, as in -p"
                            + " scrollField=next -p scrollParam=cursor");
        }
        return counted == null ? nothing() : counted;
    }

    /** Guesses what leads to the next page by the member that is null on the only page. */
    private Found onlyPage(JsonNode body) throws Exception {
        String path = nullToken(body);
        String why = "the answer says that it is the only page";
        if (path == null) {
            return new Found("next page", "none yet", Sureness.GUESS, why + "; run 'check' again once there are more");
        }
        boolean isLink = path.toLowerCase(Locale.ROOT).matches(".*(link|url|uri|href|links.*next|^next)$");
        String parameter = PagingNames.ofToken(path).iterator().next();
        api.set(
                isLink
                        ? Map.of("paging", "link", "scrollField", path)
                        : Map.of("paging", "scroll", "scrollField", path, "scrollParam", parameter));
        return new Found(
                "next page",
                isLink ? path : path + " -> " + parameter,
                Sureness.GUESS,
                why + ", as " + path + " is null; run 'check' again once there are more");
    }

    /** The path of a member that is null, and is called what leads to a next page. */
    private @Nullable String nullToken(JsonNode body) {
        return NextHints.nullNext(body, api.source().page().recordsField());
    }

    private Found nothing() {
        return new Found(
                "next page",
                "none",
                Sureness.GUESS,
                "nothing leads past the first " + firstRecords.size()
                        + " records; if the API has more, say how it pages,"
                        + " as in -p paging=page -p scrollParam=page");
    }

    private @Nullable Found follow(NextHint hint, JsonNode body) throws Exception {
        return switch (hint.kind()) {
            case LINK_HEADER -> link("linkHeader", "the header Link has rel=next", Map.of("paging", "linkHeader"));
            case LINK ->
                link(hint.path(), "a link to the next page", Map.of("paging", "link", "scrollField", hint.path()));
            case TOKEN, MAYBE_TOKEN ->
                token(hint.path(), FieldPath.of(hint.path()).in(body));
            case FLAG -> {
                found.put("moreField", hint.path());
                yield null;
            }
        };
    }

    private @Nullable Found link(String value, String why, Map<String, String> parameters) throws Exception {
        api.set(parameters);
        return isFollowed()
                ? new Found("next page", value, Sureness.SURE, why + ", and other records are there")
                : null;
    }

    private boolean isFollowed() throws Exception {
        PageRequest next = next(api, List.of(first));
        return next != null && api.left() > 0 && isOther(api.ask(next));
    }

    private @Nullable Found token(String path, JsonNode token) throws Exception {
        List<String> names = new ArrayList<>(PagingNames.ofToken(path));
        if (api.knows("scrollParam")) {
            names = List.of(api.known().get("scrollParam"));
        }
        Effect effect = new Effect(api, FOR_THE_FILTER, this::isOther);
        String leading = effect.of(names, token.asText());
        if (leading == null) {
            return null;
        }
        api.set(Map.of("paging", "scroll", "scrollField", path, "scrollParam", leading));
        return new Found(
                "next page",
                path + " -> " + leading,
                Sureness.SURE,
                "sent as " + leading + ", the token brings other records");
    }

    /** Pages by number, by offset, or by the last record's id; first by what the answer itself counts. */
    private @Nullable Found byCount(JsonNode body) throws Exception {
        boolean countsRecords = has(body, "offset") || has(body, "skip") || has(body, "startAt");
        boolean hasFlag = !found.isEmpty();
        List<Trial> trials = new ArrayList<>();
        if (hasFlag && !countsRecords && !has(body, "page")) {
            trials.add(this::byLastRecord);
        }
        trials.add(countsRecords ? this::byOffset : this::byNumber);
        trials.add(countsRecords ? this::byNumber : this::byOffset);
        if (hasFlag) {
            trials.add(this::byLastRecord);
        }
        for (Trial trial : trials) {
            Found counted = trial.find();
            if (counted != null) {
                return counted;
            }
        }
        return null;
    }

    /** One kind of paging, tried. */
    private interface Trial {
        @Nullable
        Found find() throws Exception;
    }

    private static boolean has(JsonNode body, String name) {
        return body.findValue(name) != null && body.findValue(name).isNumber();
    }

    private @Nullable Found byNumber() throws Exception {
        String leading = new Effect(api, FOR_THE_FILTER, this::isOther).of(PagingNames.OF_NUMBERS, "2");
        if (leading == null) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>(found);
        parameters.put("paging", "page");
        parameters.put("scrollParam", leading);
        String from = "1";
        if (api.left() > 0) {
            Reply one = api.ask(api.with(Map.of(leading, "1")));
            if (one.body() != null && isOther(one)) {
                from = "0";
                parameters.put("firstPage", "0");
            }
        }
        String end = end(leading, parameters);
        api.set(parameters);
        return new Found(
                "next page",
                leading + "=2",
                end.isEmpty() ? Sureness.SURE : Sureness.GUESS,
                "brings other records; pages count from " + from + end);
    }

    private @Nullable Found byOffset() throws Exception {
        String count = Integer.toString(api.page(first).received());
        String leading = new Effect(api, FOR_THE_FILTER, this::isOther).of(PagingNames.OF_OFFSETS, count);
        if (leading == null) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>(found);
        parameters.put("paging", "offset");
        parameters.put("scrollParam", leading);
        String end = end(leading, parameters);
        api.set(parameters);
        return new Found(
                "next page",
                leading + "=" + count,
                end.isEmpty() ? Sureness.SURE : Sureness.GUESS,
                "brings other records" + end);
    }

    /** Asks for a page that is far behind the last one; returns what is wrong with the answer, and sets how the list ends. */
    private String end(String parameter, Map<String, String> parameters) throws Exception {
        if (api.left() <= 0) {
            return "";
        }
        Reply behind = api.ask(api.with(Map.of(parameter, FAR)));
        if (behind.isRefused()) {
            parameters.put("onPageRefused", "end");
        }
        try {
            boolean hasRecords = behind.body() != null && api.page(behind).received() > 0;
            return hasRecords && found.isEmpty()
                    ? "; but a page behind the last one is not empty, so name the flag that ends the list, as in -p moreField=has_more"
                    : "";
        } catch (SyncException e) {
            return "";
        }
    }

    private @Nullable Found byLastRecord() throws Exception {
        List<JsonNode> records = new ArrayList<>();
        api.page(first).records().forEach(records::add);
        JsonNode id = records.isEmpty() ? null : records.get(records.size() - 1).get("id");
        if (id == null) {
            return null;
        }
        String leading = new Effect(api, FOR_THE_FILTER, this::isOther).of(PagingNames.OF_LAST_RECORDS, id.asText());
        if (leading == null) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>(found);
        parameters.put("paging", "lastRecord");
        parameters.put("scrollField", "id");
        parameters.put("scrollParam", leading);
        api.set(parameters);
        return new Found("next page", "id -> " + leading, Sureness.SURE, "the last record's id brings other records");
    }

    /** Whether an answer has records, and none or few of the first page's. */
    private boolean isOther(Reply reply) {
        if (reply.body() == null) {
            return false;
        }
        try {
            Page page = api.page(reply);
            long again = StreamSupport.stream(page.records().spliterator(), false)
                    .filter(firstRecords::contains)
                    .count();
            return page.received() > 0 && again * 2 < page.received();
        } catch (SyncException e) {
            return false;
        }
    }
}
