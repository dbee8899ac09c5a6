package io.keysetsync.inspect.hint;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.Field;
import io.keysetsync.record.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Searches an answer, apart from its records, for links, tokens and flags in the places that APIs use for them. */
public final class NextHints {

    /**
     * Something in an answer that may lead to a next page.
     *
     * @param path where the answer's body has it; empty for a header
     */
    public record NextHint(Kind kind, String path) {}

    /** What leads on, the surest first. */
    public enum Kind {
        /** The header {@code Link}. */
        LINK_HEADER,
        /** A URL, or a list of links of which one is the next. */
        LINK,
        /** A token whose name has the word "next". */
        TOKEN,
        /** A token by a name that may mean something else. */
        MAYBE_TOKEN,
        /** A flag that says that there is more. */
        FLAG
    }

    private static final int MAX_DEPTH = 4;

    /** A URL, or a path with a query. */
    private static final Pattern URL = Pattern.compile("https?://\\S+|/?[^?\\s]*\\?[^=\\s]+=\\S*");

    private static final Pattern LINK_NAME = Pattern.compile(".*(link|url|uri|href)");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ][0-9:.,]+ ?(Z|[-+][0-9:]+)?)?");

    private static final Set<String> TOKENS = Set.of(
            "after",
            "bookmark",
            "continuation",
            "continuationtoken",
            "cursor",
            "endcursor",
            "marker",
            "offset",
            "pagetoken",
            "scrollid",
            "scrollparam");

    private static final Set<String> MORE = Set.of(
            "hasmore",
            "hasmoreitems",
            "hasmorepages",
            "hasnext",
            "hasnextpage",
            "more",
            "moreavailable",
            "moreitems",
            "moreitemsincollection",
            "moreresults");

    private static final Set<String> NO_MORE =
            Set.of("done", "endofstream", "finished", "islast", "islastpage", "last", "lastpage", "nomore");

    private final @Nullable JsonNode records;
    private final List<NextHint> found = new ArrayList<>();
    private boolean isLast;
    private @Nullable String nullNext;

    private NextHints(@Nullable JsonNode records) {
        this.records = records;
    }

    /**
     * The surest hint; empty if there is none, or if a flag says that the page is the last one.
     *
     * @param nextLink of the header {@code Link}; null if there is none
     */
    public static Optional<NextHint> in(JsonNode body, Field recordsField, @Nullable String nextLink) {
        NextHints hints = of(body, recordsField);
        if (nextLink != null) {
            hints.found.add(new NextHint(Kind.LINK_HEADER, ""));
        }
        return hints.isLast ? Optional.empty() : hints.found.stream().min(Comparator.comparing(NextHint::kind));
    }

    /** Whether a flag of the answer says that the page is the last one. */
    public static boolean isLast(JsonNode body, Field recordsField) {
        return of(body, recordsField).isLast;
    }

    /** The path of a member that is null and has a name of what leads to the next page; null if there is none. */
    public static @Nullable String nullNext(JsonNode body, Field recordsField) {
        return of(body, recordsField).nullNext;
    }

    private static NextHints of(JsonNode body, Field recordsField) {
        NextHints hints = new NextHints(
                recordsField instanceof FieldPath path ? path.base().in(body) : null);
        hints.walk(body, "", false, 0);
        return hints;
    }

    /** Whether a token is rather a URL, or a path with a query. */
    public static boolean isUrl(JsonNode token) {
        return token.isTextual() && URL.matcher(token.textValue()).matches();
    }

    /** Compares by reference: another part of the answer may equal the records, as two empty lists do. */
    @SuppressWarnings("ReferenceEquality")
    private void walk(JsonNode node, String path, boolean isNext, int depth) {
        if (node == records || depth > MAX_DEPTH) {
            return;
        }
        if (node.isArray()) {
            for (JsonNode link : node) {
                String relation = link.path("rel").asText(link.path("relation").asText(""));
                if (relation.equals("next") && (link.has("href") || link.has("url"))) {
                    found.add(new NextHint(Kind.LINK, path));
                }
            }
            return;
        }
        node.properties().forEach(member -> {
            String name = member.getKey();
            String plain = name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
            // nextSyncToken is what the next run starts with, and stands on a list's last page
            boolean next = !plain.contains("sync") && (isNext || plain.contains("next"));
            String at = FieldPath.child(path, name);
            value(member.getValue(), at, plain, next);
            walk(member.getValue(), at, next, depth + 1);
        });
    }

    private void value(JsonNode value, String path, String name, boolean isNext) {
        if (value.isNull() && isNext && nullNext == null) {
            nullNext = path;
        } else if (value.isBoolean()) {
            flag(value.booleanValue(), path, name);
        } else if (value.isNumber() && isNext) {
            found.add(new NextHint(Kind.TOKEN, path));
        } else if (value.isTextual() && !value.textValue().isBlank()) {
            text(value, path, name, isNext);
        }
    }

    private void flag(boolean value, String path, String name) {
        if (MORE.contains(name) || NO_MORE.contains(name)) {
            boolean isMore = value == MORE.contains(name);
            isLast |= !isMore;
            if (isMore) {
                found.add(new NextHint(Kind.FLAG, (value ? "" : "!") + path));
            }
        }
    }

    private void text(JsonNode value, String path, String name, boolean isNext) {
        String text = value.textValue();
        if (isNext
                && (isUrl(value)
                        || (text.startsWith("/") && LINK_NAME.matcher(name).matches()))) {
            found.add(new NextHint(Kind.LINK, path));
        } else if (isNext && !TIME.matcher(text).matches()) {
            found.add(new NextHint(Kind.TOKEN, path));
        } else if (TOKENS.contains(name)) {
            found.add(new NextHint(Kind.MAYBE_TOKEN, path));
        }
    }
}
