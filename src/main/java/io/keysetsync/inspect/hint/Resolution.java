package io.keysetsync.inspect.hint;

import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position;
import io.keysetsync.paging.Page;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resolution of a stream's cursors, as far as its pages show it.
 *
 * @param digits the most digits after the decimal point that any time has; -1 if cursors are no times
 */
public record Resolution(int digits) {

    private static final Pattern FRACTION = Pattern.compile("[.,](\\d{1,9})");
    private static final Pattern EPOCH = Pattern.compile("\\d{12,}");
    private static final int MICROSECOND_DIGITS = 15;

    /** The resolution that the cursors of some pages show. */
    public static Resolution of(CursorType type, List<Page> pages) {
        if (type != CursorType.TIME) {
            return new Resolution(-1);
        }
        return new Resolution(pages.stream()
                .flatMap(page -> page.positions().stream())
                .mapToInt(Resolution::digits)
                .max()
                .orElse(0));
    }

    private static int digits(Position position) {
        Matcher fraction = FRACTION.matcher(position.text());
        if (fraction.find()) {
            return fraction.group(1).replaceFirst("0+$", "").length();
        }
        if (!EPOCH.matcher(position.text()).matches()) {
            return 0;
        }
        return position.text().length() >= MICROSECOND_DIGITS ? 6 : 3;
    }

    /** The unit in words; empty if cursors are no times. */
    public String unit() {
        return switch (digits) {
            case -1 -> "";
            case 0 -> "second";
            case 1, 2, 3 -> "millisecond";
            case 4, 5, 6 -> "microsecond";
            default -> "nanosecond";
        };
    }

    /** One unit as a {@code lookback}. */
    public String lookback() {
        return switch (digits) {
            case -1 -> "1";
            case 0 -> "PT1S";
            case 1, 2, 3 -> "PT0.001S";
            case 4, 5, 6 -> "PT0.000001S";
            default -> "PT0.000000001S";
        };
    }
}
