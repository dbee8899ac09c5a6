package io.keysetsync.bench;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.datafaker.Faker;

/** Makes up users: each is its own mixture of a thousand names, addresses, companies and jobs. */
final class Users {

    private static final int VARIETY = 1_000;
    private static final OffsetDateTime BEGINNING = OffsetDateTime.parse("2024-01-01T00:00:00Z");

    private final Random random = new Random(1);
    private final Faker faker = new Faker(Locale.US, random);
    private final List<String> names = some(() -> faker.name().fullName());
    private final List<String> streets = some(() -> faker.address().streetAddress());
    private final List<String> cities = some(() -> faker.address().cityName() + ", "
            + faker.address().stateAbbr() + " " + faker.address().zipCode());
    private final List<String> companies = some(() -> faker.company().name());
    private final List<String> jobs = some(() -> faker.job().title());

    /** So many users in ascending order of {@code updatedAt}, some of which share a second. */
    List<User> list(int count) {
        List<User> users = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            users.add(user(i, id()));
        }
        return users;
    }

    /** A user with that id who changed at the {@code i}th moment. */
    User user(long i, String id) {
        String name = any(names);
        return new User(
                id,
                name,
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", ".") + i + "@example.com",
                any(streets) + "\n" + any(cities),
                any(companies),
                any(jobs),
                BEGINNING.plusSeconds(i - i % 3),
                BEGINNING.minusSeconds(random.nextInt(100_000_000)));
    }

    private String id() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<String> some(Supplier<String> made) {
        return Stream.generate(made).limit(VARIETY).toList();
    }
}
