package io.keysetsync.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCredentialsTest {

    private final Wound clock = new Wound();
    private @Nullable Object expiresIn;
    private int issued;

    private final TokenClient server = (url, content, tokenField, parameters, headers) -> {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("access_token", "token-" + ++issued);
        return expiresIn == null ? answer : answer.set("expires_in", new ObjectMapper().valueToTree(expiresIn));
    };

    private final TokenCredentials credentials = new TokenCredentials(
            new TokenGrant(URI.create("https://auth.example.com/"), "id", "secret", "", "", List.of()), clock);

    /** What the next request is signed with. */
    private String signature() {
        credentials.prepare(server);
        BasicHttpRequest request = new BasicHttpRequest("GET", "/");
        credentials.sign(request);
        return request.getFirstHeader("Authorization").getValue();
    }

    @ParameterizedTest
    @CsvSource({"3600, 3569, 3570", "300, 269, 270", "100, 89, 90", "1, 0.899, 0.9"})
    void isRenewedShortlyBeforeItsEnd(long life, String stillGood, String due) {
        expiresIn = life;
        assertThat(signature()).isEqualTo("Bearer token-1");

        clock.pass(stillGood);
        assertThat(signature()).isEqualTo("Bearer token-1");

        clock.rewind();
        clock.pass(due);
        assertThat(signature()).isEqualTo("Bearer token-2");
    }

    @Test
    void withoutAnEndIsKeptUntilItIsRefused() {
        signature();
        clock.pass("100000000");

        assertThat(signature()).isEqualTo("Bearer token-1");
        assertThat(credentials.renew()).isTrue();
        assertThat(signature()).isEqualTo("Bearer token-2");
    }

    @Test
    void anEndInTextCountsToo() {
        expiresIn = "60";
        signature();
        clock.pass("60");

        assertThat(signature()).isEqualTo("Bearer token-2");
    }

    @Test
    void aSecondRefusalInARowIsTheEndUntilOneIsAccepted() {
        signature();
        assertThat(credentials.renew()).isTrue();
        signature();
        assertThat(credentials.renew()).isFalse();

        signature();
        credentials.accepted();
        assertThat(credentials.renew()).isTrue();
    }

    private static final class Wound extends Clock {
        private Instant now = Instant.EPOCH;

        void pass(String seconds) {
            now = now.plus(Duration.parse("PT" + seconds + "S"));
        }

        void rewind() {
            now = Instant.EPOCH;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
