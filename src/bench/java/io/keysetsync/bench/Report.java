package io.keysetsync.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.bench.Contender.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all rounds: a table to read, and JSON. */
final class Report {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Group, Map<Contender, List<Sample>>> samples = new LinkedHashMap<>();

    /** What contenders are compared in. */
    record Group(String table, int columns, int records, int pageSize, String database, Work work) {}

    /**
     * One sync.
     *
     * @param cpu nanoseconds of this process (H2's included, PostgreSQL's not), which other programs on the machine disturb
     *     less than the rows a second
     */
    record Sample(Timing timing, long cpu) {}

    void add(Group group, Contender contender, Sample sample) {
        samples.computeIfAbsent(group, key -> new LinkedHashMap<>())
                .computeIfAbsent(contender, key -> new ArrayList<>())
                .add(sample);
    }

    /** Prints the medians of a group. */
    void print(Group group) {
        System.out.printf(
                "%n  %s, %s, pages of %,d, %s%n",
                group.database(), group.table(), group.pageSize(), group.work().title());
        System.out.printf(
                "    %-26s %10s %10s %14s %12s %7s%n", "", "rows/s", "best", "first row ms", "CPU us/row", "ratio");
        for (Contender contender : contenders(group)) {
            System.out.printf(
                    "    %-26s %,10.0f %,10.0f %,14.0f %12.1f %7.2f%n",
                    contender.name(),
                    rate(group, contender),
                    best(group, contender),
                    firstRow(group, contender),
                    cpu(group, contender),
                    ratio(group, contender));
        }
    }

    /** Writes everything that was measured so far. */
    void write(Path file) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        samples.keySet().forEach(group -> contenders(group).forEach(contender -> rows.add(row(group, contender))));
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        report.put("java", Runtime.version().toString());
        report.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("rows", rows);
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    }

    private Map<String, Object> row(Group group, Contender contender) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("table", group.table());
        row.put("columns", group.columns());
        row.put("records", group.records());
        row.put("pageSize", group.pageSize());
        row.put("database", group.database());
        row.put("work", group.work().title());
        row.put("contender", contender.name());
        row.put("rowsPerSecond", Math.round(rate(group, contender)));
        row.put("bestRowsPerSecond", Math.round(best(group, contender)));
        row.put("firstRowMillis", Math.round(firstRow(group, contender)));
        row.put("cpuMicrosPerRow", Math.round(cpu(group, contender) * 10) / 10.0);
        double ratio = ratio(group, contender);
        row.put("ratio", Double.isFinite(ratio) ? Math.round(ratio * 100) / 100.0 : null);
        row.put(
                "rounds",
                of(group, contender).stream()
                        .map(sample -> Math.round(rate(group, sample)))
                        .toList());
        return row;
    }

    private Iterable<Contender> contenders(Group group) {
        return samples.getOrDefault(group, Map.of()).keySet();
    }

    private List<Sample> of(Group group, Contender contender) {
        return samples.getOrDefault(group, Map.of()).getOrDefault(contender, List.of());
    }

    /** To the faster of the ways of plain JDBC that are the measure. */
    private double ratio(Group group, Contender contender) {
        double measure = Double.NaN;
        for (Contender other : contenders(group)) {
            if (other.isMeasure() && !(measure > rate(group, other))) {
                measure = rate(group, other);
            }
        }
        return rate(group, contender) / measure;
    }

    private double rate(Group group, Contender contender) {
        return median(group, contender, sample -> rate(group, sample));
    }

    private static double rate(Group group, Sample sample) {
        return group.records() * 1e9 / sample.timing().total();
    }

    /** Of the round that other programs on the machine disturbed least. */
    private double best(Group group, Contender contender) {
        return of(group, contender).stream()
                .mapToDouble(sample -> rate(group, sample))
                .max()
                .orElse(Double.NaN);
    }

    private double firstRow(Group group, Contender contender) {
        return median(group, contender, sample -> sample.timing().firstCommit() / 1e6);
    }

    private double cpu(Group group, Contender contender) {
        return median(group, contender, sample -> sample.cpu() / 1e3 / group.records());
    }

    private double median(Group group, Contender contender, ToDoubleFunction<Sample> figure) {
        double[] figures =
                of(group, contender).stream().mapToDouble(figure).sorted().toArray();
        return figures.length == 0 ? Double.NaN : (figures[(figures.length - 1) / 2] + figures[figures.length / 2]) / 2;
    }
}
