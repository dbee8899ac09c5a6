package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Confluence's pages in the cloud, by its reference ("Search content by CQL"): times of CQL have no seconds, and are those of
 * the user; {@code _links.next} lacks the path {@code /wiki} of the site.
 */
final class ConfluencePages extends FurtherApi {

    private static final Pattern CQL =
            Pattern.compile("type=page and lastmodified >= \"([\\d-]+ [\\d:]+)\" order by lastmodified");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    ConfluencePages() {
        super("Confluence: pages", "id", "title");
    }

    @Override
    ObjectNode written(Entry page) {
        ObjectNode written = object().put("id", "" + (65_000 + page.id())).put("title", page.name());
        written.putObject("version").put("when", page.at().toString().replace("Z", ".000Z"));
        return written;
    }

    @Override
    Reply answer(Call call) {
        call.requireBasic("user", SECRET);
        call.requirePath("/confluence_pages");
        call.allowOnly("cql", "expand", "limit", "cursor");
        Matcher cql = CQL.matcher(call.needed("cql"));
        if (!cql.matches() || !call.needed("expand").equals("version")) {
            throw new Refusal(400, "could not parse cql");
        }
        Instant since = LocalDateTime.parse(cql.group(1), MINUTE)
                .atZone(ZoneId.of("Europe/Berlin"))
                .toInstant();
        List<ObjectNode> found = found(page -> !page.at().isBefore(since));
        int size = call.number("limit", 25);
        ObjectNode links =
                object().put("base", "https://example.atlassian.net/wiki").put("context", "/wiki");
        if (size < found.size()) {
            links.put("next", "/rest/api/content/search?next=true&cursor=_sa_WyJ");
        }
        return Reply.json(
                object().<ObjectNode>set("results", array(page(found, 0, size))).set("_links", links));
    }
}
