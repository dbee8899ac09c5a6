package io.keysetsync.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.zaxxer.hikari.HikariDataSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules for Prometheus and the dashboard for Grafana, against what a stream that ran really shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceFilesTest {

    private static final Path SERVICE = Path.of("src/main/dist/service");

    private static final Set<String> WORDS = Set.of(
            "and", "by", "increase", "label_values", "max", "on", "or", "rate", "sum", "time", "unless", "without");

    private static final Pattern TOKEN = Pattern.compile("(?<text>\"(?:[^\"\\\\]|\\\\.)*\")"
            + "|(?<range>\\[(?<duration>[^\\]]*)\\])"
            + "|(?<number>\\d+(?:\\.\\d+)?)"
            + "|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
            + "|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%><=(){},])"
            + "|\\s+");

    /** Series by name, each with the labels that it has. */
    private final Map<String, Set<String>> series = new HashMap<>();

    @BeforeAll
    void scrape() throws Exception {
        TestDatabase database = TestDatabase.h2();
        try (ScenarioApi api = ScenarioApi.of(Feed.users(30))
                        .onRequest(1, Fault.status(503))
                        .start();
                HikariDataSource pool = new HikariDataSource();
                DefaultCamelContext context = new DefaultCamelContext()) {
            pool.setJdbcUrl(database.url());
            context.getRegistry().bind("dataSource", pool);
            LateRoutePolicy.prepare(context);
            context.addRoutes(SyncRoute.of("people", api.url())
                    .with("schedule", "0 0 0 1 1 ? 2099")
                    .with("retryDelay", "PT0.01S")
                    .into("file:routes/user.schema.json"));
            context.start();
            try (Observation observation = Observation.of(context)) {
                Streams.of(context).trigger("people");
                await().ignoreExceptions().until(() -> observation
                        .prometheus()
                        .contains("keyset_sync_runs_total{status=\"complete\",stream=\"people\"} 1.0"));
                observation
                        .prometheus()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(this::note);
            }
        }
        series.put("up", Set.of()); // Prometheus' own
    }

    private void note(String line) {
        Set<String> labels = series.computeIfAbsent(line.replaceFirst("[ {].*", ""), name -> new HashSet<>());
        Matcher label = Pattern.compile("([a-zA-Z_]+)=\"").matcher(line);
        while (label.find()) {
            labels.add(label.group(1));
        }
    }

    static Stream<String> expressions() throws IOException {
        return Stream.concat(rules().map(rule -> rule.get("expr").toString()), queries());
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> rules() throws IOException {
        Object read = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(SERVICE.resolve("alerts.yaml")));
        return ((List<Map<String, Object>>) ((Map<String, Object>) read).get("groups"))
                .stream().flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream());
    }

    /** Those of the panels, and those that fill the lists of jobs and streams. */
    private static Stream<String> queries() {
        try {
            JsonNode dashboard =
                    new ObjectMapper().readTree(SERVICE.resolve("grafana.json").toFile());
            List<String> queries = new ArrayList<>(dashboard.get("panels").findValuesAsText("expr"));
            queries.addAll(dashboard.get("templating").findValuesAsText("definition"));
            return queries.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void namesOnlySeriesAndLabelsThatAreThere(String expression) {
        assertThat(names(expression)).isNotEmpty().allSatisfy(name -> assertThat(series)
                .containsKey(name));
        Set<String> labels = names(expression).stream()
                .flatMap(name -> series.get(name).stream())
                .collect(Collectors.toSet());
        labels.addAll(Set.of("job", "instance")); // Prometheus adds these
        assertThat(labels).containsAll(labels(expression));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void bracketsMatchAndDurationsAreSome(String expression) {
        List<String> open = new ArrayList<>();
        for (Matcher token : tokens(expression)) {
            if (token.group("range") != null) {
                assertThat(token.group("duration")).matches("\\d+(ms|[smhdwy])|\\$__rate_interval");
            }
            String sign = token.group("sign");
            if ("(".equals(sign) || "{".equals(sign)) {
                open.add(sign);
            } else if (")".equals(sign) || "}".equals(sign)) {
                assertThat(open.remove(open.size() - 1) + sign).isIn("()", "{}");
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void eachRuleHasWhatPrometheusNeeds() throws IOException {
        assertThat(rules()).hasSizeGreaterThan(5).allSatisfy(rule -> {
            assertThat(rule).containsKeys("alert", "expr", "labels", "annotations");
            assertThat(rule.keySet()).isSubsetOf("alert", "expr", "for", "labels", "annotations");
            assertThat(String.valueOf(rule.getOrDefault("for", "5m"))).matches("\\d+[smhd]");
            assertThat(rule.get("annotations").toString()).contains("summary");
        });
        assertThat(rules().map(rule -> rule.get("alert"))).doesNotHaveDuplicates();
    }

    @Test
    void dashboardNamesEachMeterOfTheStreams() {
        String all = queries().collect(Collectors.joining("\n"));

        assertThat(series.keySet().stream()
                        .filter(name -> name.startsWith("keyset_sync_"))
                        .map(name -> name.replaceFirst("_(count|sum|max)$", "")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(all).contains(name));
    }

    @Test
    void kubernetesRunsTwoNodesThatWriteNowhereAndAreAskedForTheirHealth() throws IOException {
        List<Object> parts = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(SERVICE.resolve("kubernetes.yaml")))
                .forEach(parts::add);
        JsonNode all = new ObjectMapper().valueToTree(parts);

        assertThat(all.findValuesAsText("kind")).containsExactly("Secret", "PodDisruptionBudget", "Deployment");
        ObjectMapper strict = new ObjectMapper().setAnnotationIntrospector(new KnownPropertiesOnly());
        assertThat(strict.convertValue(all.get(0), Secret.class).getStringData())
                .containsOnlyKeys("database-password", "console-password");
        assertThat(strict.convertValue(all.get(1), PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector())
                .isEqualTo(strict.convertValue(all.get(2), Deployment.class)
                        .getSpec()
                        .getSelector());
        assertThat(all.findValue("replicas").asInt()).isEqualTo(2);
        assertThat(all.findValue("env").toString()).contains("{\"name\":\"SYNC_CLUSTER\",\"value\":\"true\"}");
        assertThat(all.findValuesAsText("readOnlyRootFilesystem")).containsExactly("true");
        assertThat(all.findValuesAsText("runAsNonRoot")).containsExactly("true");
        assertThat(all.findValues("httpGet"))
                .extracting(probe -> probe.path("path").asText())
                .containsExactly("/observe/health/live", "/observe/health/live", "/observe/health/ready");
    }

    /** Without the properties that the model would keep although Kubernetes has none of that name. */
    private static final class KnownPropertiesOnly extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated property) {
            return false;
        }
    }

    /** The tokens; fails if the expression has anything else. */
    private static List<Matcher> tokens(String expression) {
        List<Matcher> tokens = new ArrayList<>();
        int end = 0;
        while (end < expression.length()) {
            Matcher token = TOKEN.matcher(expression).region(end, expression.length());
            assertThat(token.lookingAt()).as("from %s of %s", end, expression).isTrue();
            tokens.add(token);
            end = token.end();
        }
        return tokens;
    }

    private static Set<String> names(String expression) {
        return words(expression, false);
    }

    private static Set<String> labels(String expression) {
        return words(expression, true);
    }

    /** The names of series, or those of labels: in braces, after by, and the last one of label_values. */
    private static Set<String> words(String expression, boolean areLabels) {
        String withoutLabels = expression.replaceAll("\"[^\"]*\"", "\"\"").replaceAll("\\[[^\\]]*\\]", "");
        Set<String> words = new HashSet<>();
        Matcher inLabels = Pattern.compile("\\{[^}]*}|\\b(by|on|without)\\s*\\([^)]*\\)|, *[a-z]+\\)$")
                .matcher(withoutLabels);
        String rest = inLabels.replaceAll(" ");
        String text = areLabels
                ? Pattern.compile(inLabels.pattern().pattern())
                        .matcher(withoutLabels)
                        .results()
                        .map(found -> found.group())
                        .collect(Collectors.joining(" "))
                : rest;
        Matcher word = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*").matcher(text);
        while (word.find()) {
            if (!WORDS.contains(word.group())) {
                words.add(word.group());
            }
        }
        return words;
    }
}
