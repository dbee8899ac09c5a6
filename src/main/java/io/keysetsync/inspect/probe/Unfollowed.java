package io.keysetsync.inspect.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.inspect.Report;
import io.keysetsync.inspect.hint.NextHints;
import io.keysetsync.inspect.hint.NextHints.NextHint;
import io.keysetsync.paging.PagingKind;
import org.jspecify.annotations.Nullable;

/**
 * Reports that an answer has what leads to a next page, although the stream's parameters find nothing, or take a link for a
 * token.
 */
final class Unfollowed {

    private final Conversation with;
    private final @Nullable JsonNode body;
    private final @Nullable String nextLink;

    /**
     * Looks at the answer with the list's first page.
     *
     * @param body null if the answer has none
     * @param nextLink of the header {@code Link}; null if there is none
     */
    Unfollowed(Conversation with, @Nullable JsonNode body, @Nullable String nextLink) {
        this.with = with;
        this.body = body;
        this.nextLink = nextLink;
    }

    void report(Report report) {
        PagingKind kind = with.parameters().paging().kind();
        if (with.takesLinkForToken()) {
            report.problem(
                    "the answer has a link to the next page in '" + scrollField()
                            + "', but paging=scroll sends it as a token",
                    "set paging to link");
            report.set("paging", "link");
        }
        boolean needsHint = kind == PagingKind.SCROLL || kind.followsLinks();
        if (needsHint && body != null && !with.list().leadsOn(0)) {
            NextHints.in(body, with.parameters().page().recordsField(), nextLink)
                    .ifPresent(hint -> report(report, hint, found(kind)));
        }
    }

    private String found(PagingKind kind) {
        String end = ": a run ends after this page";
        return kind == PagingKind.LINK_HEADER
                ? ", but paging=linkHeader finds no rel=next in the header Link" + end
                : ", but paging=" + (kind == PagingKind.LINK ? "link" : "scroll") + " finds nothing in '"
                        + scrollField() + "'" + end;
    }

    private String scrollField() {
        return with.parameters().page().scrollField().text();
    }

    private static void report(Report report, NextHint hint, String but) {
        String path = hint.path();
        switch (hint.kind()) {
            case LINK_HEADER -> {
                report.problem("the answer has a header Link with rel=next" + but, "set paging to linkHeader");
                report.set("paging", "linkHeader");
            }
            case LINK -> {
                report.problem(
                        "the answer has a link to the next page in '" + path + "'" + but,
                        "set paging to link and scrollField to " + path);
                report.set("paging", "link");
                report.set("scrollField", path);
            }
            case TOKEN -> {
                report.problem(
                        "the answer has a value in '" + path + "'" + but,
                        "set paging to scroll, scrollField to " + path
                                + ", and scrollParam to the parameter in which the API takes it");
                report.set("scrollField", path);
            }
            case MAYBE_TOKEN ->
                report.note(
                        "the answer has a value in '" + path + "'" + but,
                        "if it leads to the next page, set scrollField to " + path
                                + ", and scrollParam to the parameter in which the API takes it");
            case FLAG -> {
                report.problem(
                        "the answer says by '" + path.replace("!", "") + "' that there is more" + but,
                        "set moreField to " + path
                                + ", and paging to page, offset or lastRecord if the API gives no token");
                report.set("moreField", path);
            }
        }
    }
}
