package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageDigestTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static long digest(String json) throws Exception {
        return PageDigest.plus(1, JSON.readTree(json));
    }

    @Test
    void recordsWhoseValuesGrowTogetherHaveDigestsOfTheirOwn() throws Exception {
        Map<Long, String> seen = new HashMap<>();
        for (int id = 0; id < 100; id++) {
            for (int at = 0; at < 100; at++) {
                String number = "{\"id\":%d,\"at\":%d}".formatted(id, at);
                String text = "{\"id\":\"k%d\",\"name\":\"k%d #%d\",\"at\":\"%d\"}".formatted(id, id, at, at);
                assertThat(seen.put(digest(number), number)).isNull();
                assertThat(seen.put(digest(text), text)).isNull();
            }
        }
    }

    @Test
    void whatIsTheSameHasOneDigest() throws Exception {
        String json = "{\"a\":[1,2.5,null,true,\"x\"],\"b\":{\"c\":12345678901234567890}}";

        assertThat(digest(json)).isEqualTo(digest(json));
        assertThat(digest("[[1],2]")).isNotEqualTo(digest("[1,[2]]"));
        assertThat(digest("{\"a\":\"1\"}")).isNotEqualTo(digest("{\"a\":1}"));
    }
}
