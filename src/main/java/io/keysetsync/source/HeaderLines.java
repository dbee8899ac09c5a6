package io.keysetsync.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Keeps the lines of the parameter {@code headers} apart. Camel makes one line of a URI that is written in several, as
 * text blocks are ({@code URISupport.textBlockToSingleLine}), and would join two headers into one. Camel 4.18 finds this
 * class by itself; releases that don't, such as 4.14, need {@code %0A} instead of a line break.
 */
public final class HeaderLines extends ModelLifecycleStrategySupport implements ContextServicePlugin {

    private static final Pattern HEADERS =
            Pattern.compile("(?<=[?&]headers=)(?:RAW\\(.*?\\)(?=&|\\z)|RAW\\{.*?}(?=&|\\z)|[^&]*)", Pattern.DOTALL);

    /** Waits for the context's model, which isn't there while a context is built. */
    @Override
    public void load(CamelContext context) {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext initializing) {
                watch(initializing);
            }
        });
    }

    private void watch(CamelContext context) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        model.getRouteDefinitions().forEach(this::onAddRouteDefinition);
        model.addModelLifecycleStrategy(this);
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        FromDefinition from = route.getInput();
        String uri = from == null ? null : from.getUri();
        if (uri != null && uri.contains("keyset-sync-source") && uri.contains("\n")) {
            from.setUri(HEADERS.matcher(uri).replaceAll(value -> Matcher.quoteReplacement(joined(value.group()))));
        }
    }

    private static String joined(String value) {
        return RequestParameters.lines(value).map(String::strip).collect(Collectors.joining("%0A"));
    }
}
