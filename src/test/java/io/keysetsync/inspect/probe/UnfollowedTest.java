package io.keysetsync.inspect.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Scenario;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leads to a next page, although the stream's parameters don't find it. */
class UnfollowedTest extends ProbeExample {

    private static final String RECORDS = "\"data\": [{\"id\": \"1\", \"updatedAt\": \"2024-01-01T00:00:00Z\","
            + " \"next_visit_url\": \"https://example.com/visit\"}]";

    private ApiFindings checkBody(String members, String... parameters) {
        return check(plain().always(Fault.json(200, "{" + RECORDS + ", " + members + "}")), parameters);
    }

    @Test
    void findsAHeaderLink() {
        ApiFindings check = check(plain().nextPage(NextPage.LINK_HEADER));

        assertThat(problems(check))
                .containsExactly("the answer has a header Link with rel=next, but paging=scroll finds nothing in"
                        + " 'scroll_param': a run ends after this page");
        assertThat(check.parameters()).isEqualTo(Map.of("paging", "linkHeader"));
        assertThat(requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "LINK, next",
        "LINK, next_page_url",
        "LINK, links.next",
        "LINK, paging.next",
        "LINK, _links.next.href",
        "RELATIVE_LINK, meta.pagination.next",
        "LINK_LIST, links",
    })
    void findsALinkInTheBody(NextPage kind, String path) {
        ApiFindings check = check(plain().nextPage(kind).scrollField(path));

        assertThat(problems(check))
                .containsExactly("the answer has a link to the next page in '" + path
                        + "', but paging=scroll finds nothing in 'scroll_param': a run ends after this page");
        assertThat(check.parameters()).isEqualTo(Map.of("paging", "link", "scrollField", path));
    }

    @ParameterizedTest
    @EnumSource(
            value = NextPage.class,
            names = {"LINK", "RELATIVE_LINK"})
    void findsALinkThatIsTakenForAToken(NextPage kind) {
        ApiFindings check = check(plain().nextPage(kind).scrollField("meta.next"), "scrollField=meta.next");

        assertThat(problems(check))
                .containsExactly(
                        "the answer has a link to the next page in 'meta.next', but paging=scroll sends it as a"
                                + " token");
        assertThat(check.parameters()).isEqualTo(Map.of("paging", "link"));
        assertThat(requests()).as("none with a link as a token").hasSize(2);
        assertThat(problems(
                        check(plain().nextPage(kind).scrollField("meta.next"), "scrollField=meta.next", "paging=link")))
                .isEmpty();
    }

    @Test
    void findsAPathWithAQueryThatIsTakenForAToken() {
        assertThat(checkBody("\"next\": \"/users?page=2\"", "scrollField=next").parameters())
                .isEqualTo(Map.of("paging", "link"));
    }

    @ParameterizedTest
    @MethodSource
    void takesNoTokenForALink(String text) {
        ApiFindings check = check(plain().tokenText(text));

        assertThat(problems(check)).isEmpty();
        assertThat(check.parameters()).isEmpty();
    }

    static Stream<String> takesNoTokenForALink() {
        return Stream.concat(
                Scenario.HOSTILE_TOKENS.stream(),
                Stream.of("", "==", "/aGk/b2xk+w==", "?", "user:1/2", "{\"after\":1}"));
    }

    @Test
    void quotesThePathOfANameThatHasADot() {
        assertThat(checkBody("\"@odata.nextLink\": \"https://example.com/users?$skiptoken=x\"")
                        .parameters())
                .containsEntry("scrollField", "['@odata.nextLink']");
        assertThat(checkBody("\"nextRecordsUrl\": \"/services/data/query/01g-2000\"")
                        .parameters())
                .containsEntry("paging", "link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"response_metadata.next_cursor", "nextPageToken", "meta.next", "paging.next.after"})
    void findsATokenElsewhere(String path) {
        ApiFindings check = check(plain().scrollField(path));

        assertThat(problems(check)).singleElement().asString().startsWith("the answer has a value in '" + path + "'");
        assertThat(check.parameters()).isEqualTo(Map.of("scrollField", path));
        assertThat(check.findings()).noneMatch(finding -> finding.toString().contains("token-"));
    }

    @Test
    void tellsOfAValueThatMayBeATokenWithoutSettingIt() {
        ApiFindings check = checkBody("\"cursor\": \"abc\"");

        assertThat(found(check, Level.NOTE)).anyMatch(what -> what.startsWith("the answer has a value in 'cursor'"));
        assertThat(problems(check)).isEmpty();
        assertThat(check.parameters()).isEmpty();
    }

    @Test
    void findsAFlagWithoutAnythingToFollow() {
        ApiFindings check = checkBody("\"has_more\": true");

        assertThat(problems(check))
                .containsExactly("the answer says by 'has_more' that there is more, but paging=scroll finds nothing in"
                        + " 'scroll_param': a run ends after this page");
        assertThat(check.parameters()).isEqualTo(Map.of("moreField", "has_more"));
        assertThat(checkBody("\"page\": {\"last\": false}").parameters()).containsEntry("moreField", "!page.last");
        assertThat(problems(checkBody("\"has_more\": true", "moreField=has_more")))
                .anyMatch(what -> what.contains("there is a further page, but gives no token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"next\": null",
                "\"next\": \"\", \"has_more\": false",
                "\"has_more\": false, \"endCursor\": \"abc\"",
                "\"last\": true, \"next_cursor\": \"abc\"",
                "\"nextSyncToken\": \"abc\"",
                "\"links\": {\"self\": \"https://example.com/users?page=1\", \"prev\": \"https://example.com/?page=0\"}",
                "\"next_export_at\": \"2030-01-01T00:00:00Z\"",
                "\"offset\": 0, \"total\": 1",
            })
    void isSilentIfNothingLeadsOn(String members) {
        ApiFindings check = checkBody(members);

        assertThat(problems(check)).isEmpty();
        assertThat(check.parameters()).isEmpty();
        assertThat(check.findings()).noneMatch(finding -> finding.what().contains("a run ends after this page"));
    }

    @Test
    void isSilentIfTheParametersFindTheNextPage() {
        assertThat(problems(check(plain()))).isEmpty();
        assertThat(problems(check(
                        plain().nextPage(NextPage.LINK_HEADER).repeatsFilter().linksWithFilter(), "paging=linkHeader")))
                .isEmpty();
        assertThat(problems(
                        check(plain().nextPage(NextPage.PAGE).scrollParam("page"), "paging=page", "scrollParam=page")))
                .noneMatch(what -> what.contains("a run ends after this page"));
    }
}
