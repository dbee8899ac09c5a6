package io.keysetsync.inspect.hint;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.paging.Page;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Recognises tokens and links that count pages or records, as a page's number and an offset do. */
public final class Counting {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern BETWEEN = Pattern.compile("[?&=/]");

    private Counting() {}

    /** Whether what leads on from two pages in a row, the first two of a list, looks like a count. */
    public static boolean in(Page first, Page second) {
        if (first.token() == null || second.token() == null) {
            return false;
        }
        String[] one = BETWEEN.split(first.token().asText(), -1);
        String[] two = BETWEEN.split(second.token().asText(), -1);
        for (int i = 0; i < Math.min(one.length, two.length); i++) {
            if (NUMBER.matcher(one[i]).matches()
                    && NUMBER.matcher(two[i]).matches()
                    && counts(Integer.parseInt(one[i]), Integer.parseInt(two[i]), first, second)
                    && !isOfLastRecord(one[i], first)) {
                return true;
            }
        }
        return false;
    }

    private static boolean counts(int one, int two, Page first, Page second) {
        boolean ofPages = (one == 1 || one == 2) && two == one + 1;
        return ofPages || (one == first.received() && two == one + second.received());
    }

    /** Whether a number is a value of the page's last record, such as an id: the next page then begins behind that record. */
    private static boolean isOfLastRecord(String number, Page page) {
        JsonNode last = page.records().path(page.records().size() - 1);
        return StreamSupport.stream(last.spliterator(), false)
                .anyMatch(value -> value.asText().equals(number));
    }
}
