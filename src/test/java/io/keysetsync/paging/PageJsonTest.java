package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PageJsonTest {

    private static final String PAGE = "[" + "0,".repeat(999) + "0]";

    private final PageJson json = new PageJson();

    @Test
    void runsThatHoldAPageAtTheSameTimeShareTheHeap() throws Exception {
        int runsWithRoomFor500 = (int) (Runtime.getRuntime().maxMemory() / 200 / 500);

        json.shareHeapAmong(1);
        assertThat(json.readTree(PAGE)).hasSize(1000);
        json.shareHeapAmong(runsWithRoomFor500);
        assertThatThrownBy(() -> json.readTree(PAGE))
                .isInstanceOf(StreamConstraintsException.class)
                .hasMessageContaining("Token count");
        json.shareHeapAmong(runsWithRoomFor500 / 4);
        assertThat(json.readTree(PAGE)).hasSize(1000);
    }

    @Test
    void numbersKeepTheirDigits() throws Exception {
        assertThat(json.readTree("1.10").decimalValue()).isEqualTo(new BigDecimal("1.10"));
        assertThat(json.readTree("1.10")).hasToString("1.10");
    }
}
