package io.keysetsync.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.datafaker.Faker;

/** Makes up the people behind the sample API: the same 200 of them every time, and then what becomes of them. */
class DemoPeople {

    private static final int COUNT = 200;
    private static final long SEED = 200;

    /** The first time that anybody may have changed; with the interval, everybody has by the end of 2025. */
    private static final Instant BEGINNING = Instant.parse("2025-07-01T00:00:00Z");

    private static final Duration INTERVAL = Duration.ofHours(22);

    /** Who changed in the same second as the one before; both are well inside a page. */
    private static final Set<Integer> TIES = Set.of(11, 121);

    private final Random random = new Random(SEED);
    private final Faker faker = new Faker(Locale.US, random);

    /** Everybody, in ascending order of {@code updatedAt}. */
    List<DemoUser> everyone() {
        List<DemoUser> everyone = new ArrayList<>(COUNT);
        Instant updatedAt = BEGINNING;
        for (int i = 0; i < COUNT; i++) {
            if (!TIES.contains(i)) {
                updatedAt = BEGINNING.plus(INTERVAL.multipliedBy(i)).plus(upTo(INTERVAL));
            }
            everyone.add(person(updatedAt));
        }
        return everyone;
    }

    /** The same person at another address, in another job. */
    DemoUser movedOn(DemoUser user, String updatedAt) {
        return new DemoUser(
                user.id(),
                user.name(),
                user.email(),
                address(),
                faker.company().name(),
                faker.job().title(),
                user.createdAt(),
                updatedAt);
    }

    private DemoUser person(Instant updatedAt) {
        return new DemoUser(
                id(),
                faker.name().fullName(),
                faker.internet().safeEmailAddress(),
                address(),
                faker.company().name(),
                faker.job().title(),
                updatedAt.minus(upTo(Duration.ofDays(30))).toString(),
                updatedAt.toString());
    }

    private String id() {
        byte[] anything = new byte[16];
        random.nextBytes(anything);
        return UUID.nameUUIDFromBytes(anything).toString();
    }

    private String address() {
        return "%s\n%s, %s %s"
                .formatted(
                        faker.address().streetAddress(),
                        faker.address().city(),
                        faker.address().stateAbbr(),
                        faker.address().zipCode());
    }

    private Duration upTo(Duration limit) {
        return Duration.ofSeconds(random.nextInt((int) limit.toSeconds()));
    }
}
