package io.keysetsync.bench;

import io.keysetsync.demo.DemoPage;
import io.keysetsync.demo.DemoUser;
import io.keysetsync.demo.DemoUsers;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/** Makes up users: each is a mixture of the sample API's names, addresses, companies and jobs. */
final class Users {

    private static final OffsetDateTime BEGINNING = OffsetDateTime.parse("2024-01-01T00:00:00Z");

    private final Random random = new Random(1);
    private final List<DemoUser> people = everyone();

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
        String name = any(DemoUser::name);
        String street = line(0, any(DemoUser::address));
        String city = line(1, any(DemoUser::address));
        return new User(
                id,
                name,
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", ".") + i + "@example.com",
                street + "\n" + city,
                any(DemoUser::company),
                any(DemoUser::job),
                BEGINNING.plusSeconds(i - i % 3),
                BEGINNING.minusSeconds(random.nextInt(100_000_000)));
    }

    private String id() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String any(Function<DemoUser, String> field) {
        return field.apply(people.get(random.nextInt(people.size())));
    }

    private static String line(int number, String address) {
        return address.lines().toList().get(number);
    }

    private static List<DemoUser> everyone() {
        DemoUsers api = new DemoUsers();
        List<DemoUser> everyone = new ArrayList<>();
        DemoPage page = api.everyone();
        everyone.addAll(page.data());
        while (page.scrollParam() != null) {
            page = api.following(page.scrollParam());
            everyone.addAll(page.data());
        }
        return everyone;
    }
}
