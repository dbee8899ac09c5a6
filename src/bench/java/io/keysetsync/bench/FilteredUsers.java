package io.keysetsync.bench;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Users behind the filter {@code updated_since}. The token of a page is the number of its first user. */
final class FilteredUsers {

    private final List<User> users;
    private final int pageSize;
    private final List<byte[]> pages = new ArrayList<>();

    FilteredUsers(List<User> users, int pageSize) {
        this.users = users;
        this.pageSize = pageSize;
        for (int from = 0; from < users.size(); from += pageSize) {
            pages.add(render(from));
        }
    }

    /** The first user who changed at that time or later. */
    int since(String time) {
        OffsetDateTime since = OffsetDateTime.parse(time);
        int first = 0;
        while (first < users.size() && users.get(first).updatedAt().isBefore(since)) {
            first++;
        }
        return first;
    }

    /** The page that begins with that user. */
    byte[] page(int from) {
        return from < users.size() && from % pageSize == 0 ? pages.get(from / pageSize) : render(from);
    }

    private byte[] render(int from) {
        int end = Math.min(from + pageSize, users.size());
        return PagedApi.render(
                users.subList(from, end).stream().map(User::json).toList(), end < users.size() ? end : null);
    }
}
