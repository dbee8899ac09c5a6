package io.keysetsync.sink;

import io.keysetsync.store.SyncStores;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.ErrorHandlerFactory;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.apache.camel.spring.spi.TransactionErrorHandler;
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

    /** A rollback is said once, at the end of its run; Camel's own line would show the page's values too. */
    @Override
    @SuppressWarnings("deprecation") // what Camel's own policy makes
    protected TransactionErrorHandler createTransactionErrorHandler(
            Route route, Processor processor, ErrorHandlerFactory builder) {
        if (builder instanceof org.apache.camel.spring.spi.LegacyTransactionErrorHandlerBuilder transactions) {
            transactions.setRollbackLoggingLevel(LoggingLevel.OFF);
        }
        return super.createTransactionErrorHandler(route, processor, builder);
    }

    /** The bean name of the data source whose transactions these are. */
    public void setDataSource(String bean) {
        setTransactionManager(SyncStores.of(getCamelContext()).store(bean).transactionManager());
    }
}
