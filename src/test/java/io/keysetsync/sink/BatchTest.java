package io.keysetsync.sink;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.TerminalException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

    @Test
    void whatIsNeitherARowNorSetAsideIsRefused() {
        assertThatThrownBy(() -> Batch.of("people", List.of("a row"), List.of()))
                .isInstanceOf(TerminalException.class)
                .hasMessageStartingWith(
                        "stream people: the sink's own steps made java.lang.String of a record, which is"
                                + " neither a row nor set aside");
    }
}
