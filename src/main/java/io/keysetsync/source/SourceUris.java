package io.keysetsync.source;

import io.keysetsync.parameters.SettingReference;
import io.keysetsync.parameters.UriText;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.TypeConverterLoader;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the URIs of our Kamelets before Camel reads them. Camel makes one line of a URI that is written in several,
 * as text blocks are ({@code URISupport.textBlockToSingleLine}), and would join two headers into one; it would
 * {@linkplain SettingReference resolve what settings hold}, and {@linkplain UriText change expressions in jq}. Camel 4.14
 * finds no plugin of a context but loaders of type converters, and so does Camel 4.18.
 */
public final class SourceUris extends ModelLifecycleStrategySupport implements TypeConverterLoader, CamelContextAware {

    private static final Pattern HEADERS =
            Pattern.compile("(?<=[?&]headers=)(?:RAW\\(.*?\\)(?=&|\\z)|RAW\\{.*?}(?=&|\\z)|[^&]*)", Pattern.DOTALL);

    private static final Pattern JQ = Pattern.compile(
            "(?<=[?&]jq=|[?&]\\w{1,20}Field=(?=(?:RAW[({])?!?jq:))(?:RAW\\(.*?\\)(?=&|\\z)|RAW\\{.*?}(?=&|\\z)|[^&]*)",
            Pattern.DOTALL);

    private @Nullable CamelContext context;

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** Waits for the context's model, which does not exist yet while a context is built. */
    @Override
    public void load(TypeConverterRegistry converters) {
        Objects.requireNonNull(context).addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext initializing) {
                watch(initializing);
            }
        });
    }

    private void watch(CamelContext initializing) {
        Model model = initializing.getCamelContextExtension().getContextPlugin(Model.class);
        model.getRouteDefinitions().forEach(this::onAddRouteDefinition);
        model.addModelLifecycleStrategy(this);
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        FromDefinition from = route.getInput();
        String uri = from == null ? null : from.getUri();
        if (uri != null && uri.contains("keyset-sync-source")) {
            String lines = uri.contains("\n")
                    ? HEADERS.matcher(uri).replaceAll(value -> Matcher.quoteReplacement(joined(value.group())))
                    : uri;
            from.setUri(SettingReference.kept(withExpressions(lines)));
        }
        outputs(route, ToDefinition.class).forEach(to -> rewrite(to.getUri(), to::setUri));
        outputs(route, KameletDefinition.class).forEach(kamelet -> rewrite(kamelet.getName(), kamelet::setName));
    }

    private static <T> Collection<T> outputs(RouteDefinition route, Class<T> type) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), type);
    }

    private static void rewrite(@Nullable String uri, Consumer<String> rewritten) {
        if (uri != null && uri.contains("jq-records-action")) {
            rewritten.accept(withExpressions(uri));
        }
    }

    private static String withExpressions(String uri) {
        return JQ.matcher(uri)
                .replaceAll(value ->
                        Matcher.quoteReplacement(UriText.encoded(value.group().strip())));
    }

    private static String joined(String value) {
        return RequestParameters.lines(value).map(String::strip).collect(Collectors.joining("%0A"));
    }
}
