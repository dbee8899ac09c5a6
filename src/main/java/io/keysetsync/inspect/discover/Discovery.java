package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.SyncException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.discover.Found.Sureness;
import io.keysetsync.paging.Page;
import io.keysetsync.table.Column;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how to read an API of which only the URL is known: where its answers have the records, what leads to the next
 * page, which time is the cursor, which parameter filters by it, which field is the key, and the columns. What the user
 * has given is not looked for. Sends at most {@value #MAX_REQUESTS} requests, and writes nothing.
 */
public final class Discovery {

    /** Few enough that a probe of the stream that was found can follow within 20 requests. */
    public static final int MAX_REQUESTS = 13;

    /** Pages to look at: a time that grows has to grow over several. */
    private static final int PAGES = 3;

    private final String stream;
    private final String url;
    private final Map<String, String> given;
    private final Api api;
    private final List<Found> findings = new ArrayList<>();

    private Discovery(CamelContext context, String stream, String url, Map<String, String> given) throws Exception {
        this.stream = stream;
        this.url = url;
        this.given = given;
        this.api = new Api(context, stream, url, given, MAX_REQUESTS);
    }

    /**
     * Asks the API.
     *
     * @param given parameters of the source, by name, without stream and url
     * @param primaryKey as the user has given it; empty to look for it
     * @throws ConfigurationException if a parameter can't be used
     * @throws UndecidedException if what the API answers does not suffice
     */
    public static Discovered of(
            CamelContext context, String stream, String url, Map<String, String> given, List<String> primaryKey)
            throws Exception {
        Discovery discovery = new Discovery(context, stream, url, given);
        try {
            return discovery.discovered(primaryKey);
        } finally {
            discovery.api.close();
        }
    }

    private Discovered discovered(List<String> primaryKey) throws Exception {
        Reply first = api.ask(api.first());
        findings.add(records(first));
        findings.add(paging(first));
        List<Reply> pages = NextPage.read(api, first, PAGES);
        List<JsonNode> listed = new ArrayList<>();
        pages.forEach(page -> api.page(page).records().forEach(listed::add));
        findings.add(cursor(listed));
        findings.add(filter(pages));
        initialCursor(first);
        List<JsonNode> records = List.copyOf(new LinkedHashSet<>(listed));
        List<Column> columns = ColumnTypes.of(records);
        List<String> key = key(primaryKey, records, columns);
        findings.add(columns(records, columns));
        return new Discovered(api.known(), key, columns, List.copyOf(findings), records, api.requests());
    }

    private Found records(Reply first) throws Exception {
        JsonNode body = first.body();
        if (body == null) {
            throw new UndecidedException(refused(
                    String.valueOf(first.error() == null ? "" : first.error().getMessage())));
        }
        boolean isGiven = given.containsKey("recordsField");
        if (!isGiven) {
            api.set(Map.of("recordsField", RecordList.in(body, names())));
        }
        try {
            Page page = api.page(first);
            if (page.received() == 0) {
                throw new UndecidedException(
                        "there are no records in the first answer, so that nothing can be told about them;"
                                + " try again once there are some, or correct -p recordsField");
            }
            String path = api.known().getOrDefault("recordsField", "");
            return new Found(
                    "records",
                    path.isEmpty() ? "the whole answer" : path,
                    isGiven ? Sureness.SURE : Sureness.LIKELY,
                    page.received() + (page.received() == 1 ? " object" : " objects") + " in the first answer");
        } catch (SyncException e) {
            throw new UndecidedException(withoutStream(e) + "; correct -p recordsField");
        }
    }

    /** The API's refusal, and what to do about it. */
    private String refused(String error) {
        String what = error.replaceFirst("^stream [^:]*: ", "");
        boolean needsCredentials = what.matches("(?s).*\\b(401|403)\\b.*");
        return what
                + (needsCredentials && !given.containsKey("auth")
                        ? "; name the credentials, as in -p auth=bearer -p 'token=#property:sync." + stream
                                + ".token' -Dsync." + stream + ".token=…"
                        : "");
    }

    private static String withoutStream(SyncException error) {
        return String.valueOf(error.getMessage()).replaceFirst("^stream [^:]*: ", "");
    }

    /** What the records may be called: as the stream, or as the URL's last part. */
    private Set<String> names() {
        Set<String> names = new HashSet<>(Set.of(stream.toLowerCase(Locale.ROOT)));
        String path = String.valueOf(URI.create(url).getPath());
        String last = path.replaceAll("/+$", "").replaceAll(".*/", "").replaceAll("\\.json$", "");
        if (!last.isEmpty()) {
            names.add(last.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    private Found paging(Reply first) throws Exception {
        return given.containsKey("paging") || given.containsKey("scrollField")
                ? new Found("next page", given.getOrDefault("paging", "scroll"), Sureness.SURE, "as given")
                : new NextPage(api, first).find();
    }

    private Found cursor(List<JsonNode> listed) throws Exception {
        CursorFormat format = api.source().page().cursor();
        if (given.containsKey("cursorField")) {
            long readable = listed.stream()
                    .filter(record ->
                            format.read(api.source().page().cursorField().orMissing(record)) != null)
                    .count();
            if (readable == 0) {
                throw new UndecidedException("no record has a cursor that can be read in '" + given.get("cursorField")
                        + "'; correct -p cursorField, or name its type by -p cursorType=number or text");
            }
            return new Found("cursor", given.get("cursorField"), Sureness.SURE, "as given");
        }
        if (format.type() != CursorType.TIME) {
            throw new UndecidedException(
                    "a cursor of type " + given.get("cursorType") + " has to be named, by -p cursorField=PATH");
        }
        Found cursor = CursorChoice.among(listed, format, Instant.now());
        api.set(Map.of("cursorField", cursor.value()));
        return cursor;
    }

    private Found filter(List<Reply> pages) throws Exception {
        if (given.containsKey("cursorParam")) {
            return new Found("filter", given.get("cursorParam"), Sureness.SURE, "as given");
        }
        if (api.source().request().sendsCursor()) {
            return new Found("filter", "{cursor}", Sureness.SURE, "as given");
        }
        List<Position> listed = pages.stream()
                .flatMap(page -> api.page(page).positions().stream())
                .toList();
        return new Filter(api, listed).find();
    }

    /** The initial cursor in the notation in which cursors are sent; none if they are not sent. */
    private void initialCursor(Reply first) throws Exception {
        if (api.knows("initialCursor")) {
            return;
        }
        CursorFormat format = api.source().plan().format();
        @Nullable
        Position like = api.page(first).positions().stream().findFirst().orElse(null);
        boolean isSent = api.source().request().sendsCursor();
        boolean asRecords = !api.knows("cursorFormat") && format.type() == CursorType.TIME && like != null;
        String initial =
                !isSent ? "" : asRecords ? format.at(Instant.EPOCH, like).text() : format.initial();
        api.set(Map.of("initialCursor", initial));
    }

    private List<String> key(List<String> primaryKey, List<JsonNode> records, List<Column> columns) {
        if (primaryKey.isEmpty()) {
            Found key = KeyChoice.among(records, names(), api.known().getOrDefault("cursorField", ""));
            findings.add(key);
            return List.of(key.value());
        }
        for (String name : primaryKey) {
            if (columns.stream().noneMatch(column -> column.name().equals(name))) {
                throw new ConfigurationException("-p primary_key names '" + name + "', which no record has");
            }
        }
        long different = records.stream()
                .map(record -> primaryKey.stream().map(record::path).toList())
                .distinct()
                .count();
        if (different < records.size()) {
            throw new UndecidedException("the key as given has only " + different + " values in " + records.size()
                    + " records, of which the others would be lost; correct -p primary_key");
        }
        findings.add(new Found("key", String.join(", ", primaryKey), Sureness.SURE, "as given"));
        return primaryKey;
    }

    private static Found columns(List<JsonNode> records, List<Column> columns) {
        Map<String, Boolean> nulls = new LinkedHashMap<>();
        records.forEach(record -> record.fieldNames().forEachRemaining(name -> nulls.put(name, true)));
        columns.forEach(column -> nulls.remove(column.name()));
        String left = nulls.isEmpty()
                ? ""
                : "; null in all of them, so added when a value comes: " + String.join(", ", nulls.keySet());
        return new Found(
                "columns",
                Integer.toString(columns.size()),
                Sureness.LIKELY,
                "as in " + records.size() + " records" + left);
    }
}
