package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTrailTest {

    /** How many tokens it takes until one is noticed to come again; so many fresh ones come first. */
    private static int noticed(int fresh, int cycle) {
        TokenTrail trail = new TokenTrail();
        return IntStream.iterate(0, i -> i + 1)
                .filter(i -> trail.repeats("token " + (i < fresh ? i : fresh + (i - fresh) % cycle)))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void noticesACycleAtItsFirstRepetition(int cycle) {
        assertThat(noticed(0, cycle)).isEqualTo(cycle);
        assertThat(noticed(12_345, cycle)).isEqualTo(12_345 + cycle);
    }

    @Test
    void noticesALongCycleSomewhatLater() {
        assertThat(noticed(0, 1_500)).isLessThan(3 * 1_500);
        assertThat(noticed(10_000, 1_500)).isLessThan(3 * 10_000);
    }

    @Test
    void neverMistakesFreshTokens() {
        TokenTrail trail = new TokenTrail();

        assertThat(IntStream.range(0, 100_000).mapToObj(Integer::toString)).noneMatch(trail::repeats);
    }

    @Test
    void remembersNoMoreHoweverLongTheRun() throws Exception {
        TokenTrail trail = new TokenTrail();
        IntStream.range(0, 50_000).forEach(i -> trail.repeats("a long token ".repeat(100) + i));

        Field recent = TokenTrail.class.getDeclaredField("recent");
        recent.setAccessible(true);
        assertThat((Collection<?>) recent.get(trail))
                .hasSize(1_000)
                .allSatisfy(digest -> assertThat(digest).asString().hasSize(64));
    }
}
