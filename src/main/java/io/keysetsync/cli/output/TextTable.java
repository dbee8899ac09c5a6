package io.keysetsync.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table as aligned text. If a table has to fit a terminal, the widest columns are shortened. If that isn't enough, the last
 * columns are left out, and named below.
 *
 * @param <T> what a row is made of
 */
public final class TextTable<T> {

    /** Columns are not made narrower than this; those that don't fit are left out. */
    private static final int NARROWEST = 8;

    private static final int BORDERS = 3;

    private record Column<T>(List<String> header, boolean isNumber, Function<T, @Nullable String> value) {}

    private final List<Column<T>> columns = new ArrayList<>();

    /** Adds a column of texts, with a header of one or more lines. */
    public TextTable<T> text(List<String> header, Function<T, @Nullable String> value) {
        columns.add(new Column<>(header, false, value));
        return this;
    }

    /** Adds a column of texts. */
    public TextTable<T> text(String header, Function<T, @Nullable String> value) {
        return text(List.of(header), value);
    }

    /** Adds a column of numbers, which are aligned at the right, with a header of one or more lines. */
    public TextTable<T> number(List<String> header, Function<T, @Nullable String> value) {
        columns.add(new Column<>(header, true, value));
        return this;
    }

    /** Adds a column of numbers. */
    public TextTable<T> number(String header, Function<T, Long> value) {
        return number(List.of(header), row -> Long.toString(value.apply(row)));
    }

    /** The table of these rows, no wider than the terminal. */
    public String fitted(List<T> rows) {
        return of(rows, Terminal.width());
    }

    /** The table of these rows, however wide it is. */
    public String whole(List<T> rows) {
        return of(rows, Integer.MAX_VALUE);
    }

    String of(List<T> rows, int width) {
        List<List<String>> headers = lines(columns.stream()
                .map(column -> column.header().stream().map(Terminal::safe).toList())
                .toList());
        List<List<String>> cells = rows.stream()
                .map(row -> columns.stream().map(column -> cell(column, row)).toList())
                .toList();
        List<List<String>> all = new ArrayList<>(headers);
        all.addAll(cells);
        int[] widths = widths(all);
        int shown = fitting(widths, width);
        shrink(widths, shown, width);
        StringBuilder text = new StringBuilder();
        String border = border(widths, shown);
        text.append(border);
        headers.forEach(line -> append(text, line, widths, shown));
        text.append(border);
        cells.forEach(line -> append(text, line, widths, shown));
        text.append(border);
        if (shown < columns.size()) {
            text.append(Terminal.shortened(leftOut(headers.get(0), shown), width))
                    .append('\n');
        }
        return text.substring(0, text.length() - 1);
    }

    private String leftOut(List<String> names, int shown) {
        List<String> out = names.subList(shown, names.size());
        return "and " + out.size() + (out.size() == 1 ? " more column: " : " more columns: ") + String.join(", ", out);
    }

    private static <T> String cell(Column<T> column, T row) {
        String value = column.value().apply(row);
        return value == null ? "NULL" : Terminal.safe(value);
    }

    /** The headers' lines, each with a text for each column. */
    private static List<List<String>> lines(List<List<String>> headers) {
        int most = headers.stream().mapToInt(List::size).max().orElse(0);
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            int line = i;
            lines.add(headers.stream()
                    .map(header -> line < header.size() ? header.get(line) : "")
                    .toList());
        }
        return lines;
    }

    private int[] widths(List<List<String>> lines) {
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Terminal.width(line.get(i)));
            }
        }
        return widths;
    }

    /** How many columns fit, if each may be shortened; at least one. */
    private static int fitting(int[] widths, int width) {
        long sum = 1;
        for (int i = 0; i < widths.length; i++) {
            sum += Math.min(widths[i], NARROWEST) + BORDERS;
            if (sum > width) {
                return Math.max(1, i);
            }
        }
        return widths.length;
    }

    /** Takes from the widest columns what is too much. */
    private static void shrink(int[] widths, int shown, int width) {
        long room = (long) width - 1 - (long) BORDERS * shown;
        int low = 1;
        int high = Integer.MAX_VALUE;
        while (low < high) { // the greatest width to which all columns can be limited
            int middle = (int) (((long) low + high + 1) / 2);
            if (limited(widths, shown, middle) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long left = room - limited(widths, shown, low);
        for (int i = 0; i < shown; i++) {
            if (widths[i] > low) {
                widths[i] = low + (left-- > 0 ? 1 : 0);
            }
        }
    }

    private static long limited(int[] widths, int shown, int limit) {
        long sum = 0;
        for (int i = 0; i < shown; i++) {
            sum += Math.min(widths[i], limit);
        }
        return sum;
    }

    private static String border(int[] widths, int shown) {
        StringBuilder text = new StringBuilder("+");
        for (int i = 0; i < shown; i++) {
            text.append("-".repeat(widths[i] + 2)).append('+');
        }
        return text.append('\n').toString();
    }

    private void append(StringBuilder text, List<String> line, int[] widths, int shown) {
        text.append('|');
        for (int i = 0; i < shown; i++) {
            String cell = Terminal.shortened(line.get(i), widths[i]);
            String padding = " ".repeat(widths[i] - Terminal.width(cell));
            boolean isRight = columns.get(i).isNumber();
            text.append(' ').append(isRight ? padding : "").append(cell).append(isRight ? "" : padding);
            text.append(" |");
        }
        text.append('\n');
    }
}
