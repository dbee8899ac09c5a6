package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import io.keysetsync.jq.JqField;
import io.keysetsync.paging.Flag;
import io.keysetsync.paging.PagingKind;
import io.keysetsync.paging.PagingRules;
import io.keysetsync.parameters.Parameters;
import io.keysetsync.record.Field;
import io.keysetsync.request.RequestFormat;
import org.jspecify.annotations.Nullable;

/** Reads the parameters about the next page. */
record PagingParameters(Parameters parameters, PagingKind kind) {

    private static final String UNSET = "scroll_param";

    /** What an empty page that leads to another does. */
    private enum OnEmptyPage {
        FOLLOW,
        END
    }

    static PagingParameters read(Parameters parameters) {
        if (parameters.text("paging").equals("reanchor")) {
            throw parameters.wrong("paging", "is written reanchor: true now");
        }
        return new PagingParameters(parameters, parameters.choice("paging", PagingKind.class));
    }

    /** Checks what these parameters and those of the requests say together. */
    PagingRules rules(RequestFormat request) {
        if (kind.followsLinks() && request.placesToken()) {
            throw wrong("{token} has no value if paging is '" + name() + "': a link is asked for as it is");
        }
        boolean needsParam = kind.counts() || kind == PagingKind.LAST_RECORD;
        String scrollParam = parameters.text("scrollParam");
        if (needsParam && (scrollParam.isBlank() || scrollParam.equals(UNSET)) && !request.placesToken()) {
            throw wrong("paging '" + name() + "' needs scrollParam, the query parameter of the "
                    + (kind == PagingKind.PAGE ? "page's number" : kind == PagingKind.OFFSET ? "offset" : "value")
                    + ", or {token} in query or body");
        }
        if (kind == PagingKind.SCROLL && scrollParam.isBlank() && !request.placesToken()) {
            throw wrong("paging 'scroll' needs scrollParam, or {token} in query, body or headers");
        }
        return new PagingRules(
                parameters.stream(),
                kind,
                firstPage(),
                parameters.choice("onEmptyPage", OnEmptyPage.class) == OnEmptyPage.END,
                parameters.number("maxEmptyPages", 1),
                leading(),
                parameters.text("moreField"));
    }

    private String leading() {
        String name =
                switch (kind) {
                    case PAGE, OFFSET -> "scrollParam";
                    case LINK_HEADER -> "paging";
                    case SCROLL, LINK, LAST_RECORD -> "scrollField";
                };
        return name + " '" + parameters.text(name) + "'";
    }

    private @Nullable String firstPage() {
        String first = parameters.text("firstPage");
        if (first.isEmpty()) {
            return null;
        }
        if (kind.followsLinks()) {
            throw parameters.wrong("firstPage", "can't be sent if paging is '" + name() + "'");
        }
        if (kind.counts() && !first.matches("\\d{1,15}")) {
            throw parameters.wrong("firstPage", "must be a whole number of at least 0 if paging is '" + name() + "'");
        }
        return first;
    }

    /** Where the response, or its last record, has what leads to the next page. */
    Field scrollField() {
        boolean isNeeded = kind == PagingKind.LINK || kind == PagingKind.LAST_RECORD;
        if (isNeeded && parameters.text("scrollField").equals(UNSET)) {
            throw wrong("paging '" + name() + "' needs scrollField, the path of the "
                    + (kind == PagingKind.LINK ? "link in a response" : "value in a record"));
        }
        parameters.required("scrollField");
        return parameters.read("scrollField", JqField::of);
    }

    @Nullable
    Flag flag(String name) {
        return parameters.text(name).isEmpty() ? null : parameters.read(name, text -> Flag.of(text, JqField::of));
    }

    /** Whether a page that the API refuses is past the end of its list. */
    boolean endsAtRefusedPage() {
        return switch (parameters.text("onPageRefused")) {
            case "restart" -> false;
            case "end" -> {
                if (!kind.counts()) {
                    throw parameters.wrong("onPageRefused", "is for paging 'page' and 'offset' alone");
                }
                yield true;
            }
            default -> throw parameters.wrong("onPageRefused", "must be one of restart, end");
        };
    }

    /** Whether a run asks again since each page's cursor. */
    boolean reanchors(RequestFormat request) {
        boolean reanchors = parameters.flag("reanchor");
        if (reanchors && !request.sendsCursor()) {
            throw wrong("reanchor needs a cursor in its requests: cursorParam, or {cursor} in query, body or headers");
        }
        return reanchors;
    }

    private String name() {
        return parameters.text("paging");
    }

    private ConfigurationException wrong(String what) {
        return new ConfigurationException("stream " + parameters.stream() + ": " + what);
    }
}
