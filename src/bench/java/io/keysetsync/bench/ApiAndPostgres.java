package io.keysetsync.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An API with users and a new PostgreSQL server, for any program to sync from and into, on free ports that it prints.
 * Both end when the standard input does, so that they never outlive who started them.
 */
public final class ApiAndPostgres {

    private ApiAndPostgres() {}

    /**
     * Starts both.
     *
     * @param args number of records, size of a page and, optionally, a file into which the users are written as CSV, as
     *     PostgreSQL's {@code COPY} reads it
     */
    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: ApiAndPostgres RECORDS PAGE_SIZE [CSV_FILE]");
            System.exit(2);
        }
        List<User> users = new Users().list(Integer.parseInt(args[0]));
        if (args.length > 2) {
            Files.write(
                    Path.of(args[2]), users.stream().map(ApiAndPostgres::csv).toList());
        }
        FilteredUsers filtered = new FilteredUsers(users, Integer.parseInt(args[1]));
        try (PagedApi api = PagedApi.serving(filtered::page, filtered::since);
                EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            System.out.println("api=" + api.url());
            System.out.println("postgres_port=" + postgres.getPort());
            System.out.println("jdbc=" + postgres.getJdbcUrl("postgres", "postgres"));
            System.out.println(
                    "newest=" + users.get(users.size() - 1).updatedAt().toInstant());
            System.out.println("ready");
            while (System.in.read() >= 0) {} // until whoever started this ends
        }
    }

    private static String csv(User user) {
        return user.json().values().stream()
                .map(value -> '"' + value.toString().replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
    }
}
