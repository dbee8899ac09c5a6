package io.keysetsync.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;

/** The people behind the sample API: the 200 made-up ones of {@code users.jsonl}, and their changes. */
class DemoPeople {

    private static final String FILE = "users.jsonl";
    private static final long SEED = 200;

    private final Random random = new Random(SEED); // the same changes after every start
    private List<DemoUser> everyone = List.of();

    /** Everybody, in ascending order of {@code updatedAt}. Read when first asked for: not if the sample API is off. */
    List<DemoUser> everyone() {
        if (everyone.isEmpty()) {
            everyone = read();
        }
        return everyone;
    }

    /** The same person at the address, in the company and in the job of other people. */
    DemoUser movedOn(DemoUser user, String updatedAt) {
        return new DemoUser(
                user.id(),
                user.name(),
                user.email(),
                another(DemoUser::address, user),
                another(DemoUser::company, user),
                another(DemoUser::job, user),
                user.createdAt(),
                updatedAt);
    }

    private String another(Function<DemoUser, String> field, DemoUser user) {
        List<String> others = everyone().stream()
                .map(field)
                .filter(value -> !value.equals(field.apply(user)))
                .toList();
        return others.get(random.nextInt(others.size()));
    }

    private static List<DemoUser> read() {
        try (InputStream file = Objects.requireNonNull(DemoPeople.class.getResourceAsStream(FILE), FILE);
                MappingIterator<DemoUser> users =
                        new ObjectMapper().readerFor(DemoUser.class).readValues(file)) {
            return List.copyOf(users.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
