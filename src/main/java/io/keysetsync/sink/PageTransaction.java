package io.keysetsync.sink;

import io.keysetsync.store.SyncStores;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.jspecify.annotations.Nullable;

/** The transaction of a page, for the step {@code transacted}: rows, quarantined records and cursor, or nothing. */
public final class PageTransaction extends SpringTransactionPolicy implements CamelContextAware {

    private @Nullable CamelContext context;

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return Objects.requireNonNull(context);
    }

    /** The bean name of the data source whose transactions these are. */
    public void setDataSource(String bean) {
        setTransactionManager(SyncStores.of(getCamelContext()).store(bean).transactionManager());
    }
}
