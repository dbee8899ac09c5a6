package io.keysetsync.sink;

import io.keysetsync.store.SyncStores;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The data source for the step {@code jdbc}: its connections take part in the page's transaction. */
public final class TransactionalDataSource extends DelegatingDataSource implements CamelContextAware {

    private @Nullable CamelContext context;

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return Objects.requireNonNull(context);
    }

    /** The bean name of the data source behind this one. */
    public void setBean(String bean) {
        setTargetDataSource(SyncStores.of(getCamelContext()).store(bean).dataSource());
    }
}
