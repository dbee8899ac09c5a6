package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkHeaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</x?page=2>; rel=\"next\"",
                "</x?page=2>;rel=next",
                "</x?page=2> ; rel = next",
                "< /x?page=2 >; rel=\"next\"",
                "</x?page=2>; REL=\"NEXT\"",
                "</x?page=2>; rel=\"next last\"",
                "</x?page=2>; rel=\"last  next\"",
                "</x?page=2>; type=\"a/b; c=d, e\"; title=\"say \\\"rel=prev\\\", <y>\"; rel=next",
                "</x?page=2>; rel=next; results=\"true\"; cursor=\"0:100:0\"",
                "</x?page=2>; rel=next; title*=UTF-8''n%c3%a4chste",
                "</x?page=2>; rel=next, </x?page=9>; rel=last",
                "</x?page=0>; rel=prev, </x?page=2>; rel=next",
                "</x?page=0>; rel=\"prev\",</x?page=2>; rel=\"next\"",
                "</a,b;c>; rel=\"prev\", </x?page=2>; rel=\"next\"",
                "</css>, </x?page=2>; rel=next",
                ", </x?page=2>; rel=next,",
                "</next>; rel=\"next-page\", </x?page=2>; rel=next",
                "</y>; rel=next; anchor=\"/other\", </x?page=2>; rel=next",
                "</x?page=2>; rel=next; rel=prev",
                "</x?page=2>; rel=\"next"
            })
    void theLinkToTheNextPageIsFound(String header) {
        assertThat(LinkHeader.next(List.of(header))).isEqualTo("/x?page=2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "garbage",
                "</x>",
                "</x>; rel=prev",
                "</x>; rel=\"next-page\"",
                "</x>; rel=nextpage",
                "</x>; rel=\"https://example.com/next\"",
                "</x>; title=next",
                "</x>; title=\"; rel=next\"",
                "</x>; rel=prev; rel=next",
                "</x>; rel=\"next\"; results=\"false\"",
                "</x>; results=FALSE; rel=next",
                "</x>; rel=\"prev; rel=next",
                "<>; rel=next",
                "</x; rel=next",
                "rel=next"
            })
    void whatIsNoLinkToTheNextPageIsNone(String header) {
        assertThat(LinkHeader.next(List.of(header))).isNull();
    }

    @Test
    void aCommaInALinkEndsNothing() {
        assertThat(LinkHeader.next(List.of("</x?ids=1,2;3>; rel=next"))).isEqualTo("/x?ids=1,2;3");
    }

    @Test
    void allLinesCount() {
        assertThat(LinkHeader.next(List.of("</css>; rel=preload", "</x>; rel=prev, </y>; rel=first", "</z>; rel=next")))
                .isEqualTo("/z");
        assertThat(LinkHeader.next(List.of())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", ";", ",", "<", ">", "\"", "\\", "<>;a=", "<a>;rel=\"\\"})
    void aLongOneIsReadQuickly(String piece) {
        assertTimeout(Duration.ofSeconds(5), () -> LinkHeader.next(List.of(piece.repeat(200_000))));
    }
}
