package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.TerminalException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextLinkTest {

    private static final String ASKED = "/v1/orders?since=a&page=1";

    private static String target(String link) {
        return NextLink.target("people", ASKED, link);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            https://api.example.com/v1/orders?page=2 -> /v1/orders?page=2
            HTTPS://api.example.com/v1/orders -> /v1/orders
            http://api.example.com/v1/orders?page=2 -> /v1/orders?page=2
            https://10.0.0.7:8443/internal/orders?page=2 -> /internal/orders?page=2
            https://api.example.com:443:443/v1/orders?page=2 -> /v1/orders?page=2
            https://[::1]:8080/x -> /x
            https://api.example.com -> /
            https://api.example.com?page=2 -> /?page=2
            //other.example.com/x?y -> /x?y
            ?page=2 -> /v1/orders?page=2
            ? -> /v1/orders?
            #top -> /v1/orders?since=a&page=1
            items -> /v1/items
            items?x=1 -> /v1/items?x=1
            ./items -> /v1/items
            ../x -> /x
            ../../../x -> /x
            .. -> /
            . -> /v1/
            ;p -> /v1/;p
            a/b:c -> /v1/a/b:c
            /x/../y/./z -> /y/z
            /a/b/.. -> /a/
            /.hidden -> /.hidden
            /v1/orders?page=2#top -> /v1/orders?page=2
            /x?u=https://a@b/c?d -> /x?u=https://a@b/c?d
            """)
    void aLinkIsResolvedAgainstTheRequestThatBroughtIt(String link, String target) {
        assertThat(target(link)).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/a%2Fb%3Fc?d=%2B+%20%26&e=%C3%A9",
                "/v1/%252F?x=%252B",
                "/v1/a%20b;v=1,2!$&'()*+=:@~",
                "/v1/orders?filter[created_at][]=2024-01-01T00:00:00Z&q=a/b?c",
                "/v1/orders?cursor=a%0D%0Ab",
                "/v1/%2e%2e/x"
            })
    void whatALinkHasIsKeptByteForByte(String link) {
        assertThat(target(link)).isEqualTo(link);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            textBlock =
                    """
            /é?q=ü🐎 -> /%C3%A9?q=%C3%BC%F0%9F%90%8E
            /x?since=2024-01-01 00:00:00 -> /x?since=2024-01-01%2000:00:00
            /x?q={"a":"b|c"} -> /x?q=%7B%22a%22:%22b%7Cc%22%7D
            """)
    void whatNoRequestMayHaveIsPercentEncoded(String link, String target) {
        assertThat(target(link)).isEqualTo(target);
    }

    static Stream<String> pathsLikeHosts() {
        return Stream.of("https://api.example.com//evil.example/x", "/.//evil.example/x", "/%2F%2Fevil.example/x");
    }

    @ParameterizedTest
    @MethodSource("pathsLikeHosts")
    void aPathThatLooksLikeAHostIsAPathOfTheOwnOrigin(String link) {
        String target = target(link);

        assertThat(target).isIn("//evil.example/x", "/%2F%2Fevil.example/x");
        assertThat(NextLink.target("people", target, "?page=2")).isEqualTo(target + "?page=2");
        assertThat(NextLink.target("people", target, "y")).isEqualTo(target.substring(0, target.length() - 1) + "y");
    }

    static List<String> hostile() {
        return List.of(
                "javascript:alert(1)",
                "ftp://api.example.com/x",
                "file:///etc/passwd",
                "data:text/plain,x",
                "jar:file:/tmp/x.jar!/y",
                "mailto:a@b",
                "http:/x",
                "https:",
                "https://",
                "https:///x",
                "//",
                "https://[",
                "https://a b/x",
                ":x",
                "2024-01-01T00:00:00Z",
                "no more pages",
                "https://user@api.example.com/x",
                "https://user:s3cret@api.example.com/x",
                "//user:s3cret@evil.example/x",
                "https://api.example.com/x\r\nX-Injected: yes",
                "/x?a=b\nc",
                "/x\u0000",
                "/x\u0085y",
                "/x\u007f",
                "\t/x",
                "/v1%0d%0aX-Injected:%20yes",
                "/v1%00",
                "/v1%7F",
                "\\\\evil.example\\x",
                "https:\\\\u:s3cret@evil.example/x",
                "/x\\y",
                "/%zz",
                "/x?a=%",
                "/" + "x".repeat(1 << 17));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void whatIsNoLinkToFollowIsRefusedInOneLine(String link) {
        assertThatThrownBy(() -> target(link))
                .isInstanceOf(TerminalException.class)
                .message()
                .startsWith("stream people: the link to the next page, '")
                .endsWith(", so it is not followed")
                .doesNotContain("s3cret", "\r", "\n")
                .hasSizeLessThan(400);
    }

    @Test
    void theQueryOfARefusedLinkIsMasked() {
        assertThatThrownBy(() -> target("ftp://api.example.com/x?token=s3cret"))
                .hasMessageContaining("'ftp://api.example.com/x?…', is not an http or https URL");
    }
}
