package io.keysetsync.inspect.discover;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names that APIs use for the query parameters of a next page, the likeliest first. */
final class PagingNames {

    static final List<String> OF_TOKENS = List.of(
            "cursor",
            "page_token",
            "pageToken",
            "after",
            "next_token",
            "nextToken",
            "scroll_param",
            "continuation_token",
            "starting_after",
            "start_cursor",
            "offset",
            "token",
            "marker",
            "scroll_id",
            "page[after]",
            "page[cursor]");

    static final List<String> OF_NUMBERS = List.of("page", "page_number", "pageNumber", "p", "page[number]");

    static final List<String> OF_OFFSETS = List.of("offset", "skip", "start", "startAt", "startIndex", "from");

    static final List<String> OF_LAST_RECORDS = List.of("starting_after", "after", "after_id", "since_id", "last_id");

    private PagingNames() {}

    /** The token's own name first, without what only says that it is the next one. */
    static Set<String> ofToken(String path) {
        String name = path.replaceAll(".*[.\\]]", "").replaceAll("[\\['\\]]", "");
        Set<String> names = new LinkedHashSet<>();
        String bare = name.replaceFirst("^next_?", "");
        if (!bare.isEmpty() && !bare.equals(name)) {
            names.add(bare.substring(0, 1).toLowerCase(Locale.ROOT) + bare.substring(1));
        }
        names.add(name);
        names.addAll(OF_TOKENS);
        return names;
    }
}
