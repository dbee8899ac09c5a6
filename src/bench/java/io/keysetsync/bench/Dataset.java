package io.keysetsync.bench;

import static java.time.temporal.ChronoUnit.DAYS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Records as an API has them and, for plain JDBC, as rows in memory.
 *
 * @param stream its name
 * @param location of the schema
 * @param rows values as JDBC takes them, in the schema's order
 * @param pages bodies of the API's responses
 * @param records as the API has them
 */
record Dataset(
        String stream,
        String location,
        TableSchema schema,
        List<Object[]> rows,
        int pageSize,
        List<byte[]> pages,
        List<Map<String, Object>> records) {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What {@link #changed()} appends. */
    static final String CHANGE = ", changed";

    private static final OffsetDateTime BEGINNING = OffsetDateTime.parse("2024-01-01T00:00:00Z");

    /** How many columns of each type the wide table has, beside its key and its cursor. */
    private static final Map<String, Integer> WIDE = new LinkedHashMap<>();

    static {
        WIDE.put("STRING", 20);
        WIDE.put("INT", 8);
        WIDE.put("LONG", 6);
        WIDE.put("DECIMAL(18,4)", 6);
        WIDE.put("DOUBLE", 5);
        WIDE.put("BOOLEAN", 5);
        WIDE.put("NAIVE_DATE", 3);
        WIDE.put("UTC_DATETIME", 3);
        WIDE.put("JSON", 2);
    }

    /** The shipped stream's. */
    static Dataset users(int count, int pageSize) throws IOException {
        List<Map<String, Object>> records =
                new Users().list(count).stream().map(User::json).toList();
        return of("user", "file:routes/user.schema.json", records, pageSize);
    }

    /** Sixty columns of mixed types, two of them objects with a list of objects in it. */
    static Dataset wide(int count, int pageSize) throws IOException {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("id", "STRING");
        columns.put("updatedAt", "UTC_DATETIME");
        WIDE.forEach((type, times) ->
                IntStream.range(0, times).forEach(i -> columns.put(type.replaceAll("\\W.*", "") + "_" + i, type)));
        Path file = Files.createTempFile("wide", ".schema.json");
        file.toFile().deleteOnExit();
        JSON.writeValue(file.toFile(), Map.of("table", "wide", "primary_key", List.of("id"), "columns", columns));
        Random random = new Random(1);
        List<User> users = new Users().list(count);
        List<Map<String, Object>> records = new ArrayList<>();
        for (User user : users) {
            Map<String, Object> record = new LinkedHashMap<>();
            columns.forEach((name, type) -> record.put(name, value(type.toString(), user, random)));
            record.put("id", user.id());
            record.put("updatedAt", user.updatedAt().toInstant().toString());
            records.add(record);
        }
        return of("wide", "file:" + file, records, pageSize);
    }

    private static Object value(String type, User user, Random random) {
        return switch (type) {
            case "STRING" -> random.nextBoolean() ? user.job() : user.address();
            case "INT" -> random.nextInt();
            case "LONG" -> random.nextLong();
            case "DOUBLE" -> random.nextDouble();
            case "BOOLEAN" -> random.nextBoolean();
            case "NAIVE_DATE" ->
                LocalDate.of(2000, 1, 1).plusDays(random.nextInt(10_000)).toString();
            case "UTC_DATETIME" ->
                BEGINNING
                        .plusNanos(random.nextLong(1L << 50) * 1000)
                        .toInstant()
                        .toString();
            case "JSON" ->
                Map.of(
                        "company",
                        user.company(),
                        "lines",
                        List.of(Map.of("n", 1, "price", random.nextInt(100)), Map.of("n", 2, "note", user.name())));
            default -> BigDecimal.valueOf(random.nextLong(100_000_000_000L), 4);
        };
    }

    /** The same records a year later, each with a new text in {@link #changing()}. */
    Dataset changed() throws IOException {
        List<Map<String, Object>> changed = new ArrayList<>();
        for (Map<String, Object> record : records) {
            Map<String, Object> copy = new LinkedHashMap<>(record);
            copy.put(
                    "updatedAt",
                    Instant.parse(record.get("updatedAt").toString())
                            .plus(365, DAYS)
                            .toString());
            copy.put(changing(), record.get(changing()) + CHANGE);
            changed.add(copy);
        }
        return of(stream, location, changed, pageSize);
    }

    /** The column that {@link #changed()} changes, beside the cursor: the first text that is not the key. */
    String changing() {
        return schema.columns().stream()
                .filter(column ->
                        column.type().kind() == Kind.STRING && !column.name().equals("id"))
                .findFirst()
                .orElseThrow()
                .name();
    }

    int cursorAt() {
        return schema.columns().stream().map(Column::name).toList().indexOf("updatedAt");
    }

    private static Dataset of(String stream, String location, List<Map<String, Object>> records, int pageSize)
            throws IOException {
        TableSchema schema;
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            schema = TableSchema.load(context, stream, location);
        }
        List<Object[]> rows = records.stream()
                .map(record -> schema.columns().stream()
                        .map(column -> jdbc(column, record.get(column.name())))
                        .toArray())
                .toList();
        int pages = (records.size() + pageSize - 1) / pageSize;
        List<byte[]> bodies = IntStream.range(0, pages)
                .mapToObj(i -> PagedApi.render(
                        records.subList(i * pageSize, Math.min((i + 1) * pageSize, records.size())),
                        i + 1 < pages ? i + 1 : null))
                .toList();
        return new Dataset(stream, location, schema, rows, pageSize, bodies, records);
    }

    private static Object jdbc(Column column, Object value) {
        Kind kind = column.type().kind();
        return switch (kind) {
            case UTC_DATETIME -> OffsetDateTime.parse(value.toString());
            case NAIVE_DATE -> LocalDate.parse(value.toString());
            case JSON -> json(value);
            default -> value;
        };
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
