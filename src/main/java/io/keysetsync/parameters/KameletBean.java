package io.keysetsync.parameters;

import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.jspecify.annotations.Nullable;

/** A bean that a Kamelet's template makes for each of its uses. */
public abstract class KameletBean implements CamelContextAware {

    private @Nullable CamelContext context;

    @Override
    public final void setCamelContext(CamelContext camelContext) {
        context = camelContext;
    }

    /** Returns null until the context is set: Spring's injector calls this method before it sets the context. */
    @Override
    public final @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** The context, once the bean has been made. */
    protected final CamelContext camel() {
        return Objects.requireNonNull(context);
    }
}
