package io.keysetsync.sink;

import org.apache.camel.ErrorHandlerFactory;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.apache.camel.spring.spi.TransactionErrorHandler;
import org.springframework.transaction.support.TransactionTemplate;

/** The transaction of a page, for the step {@code transacted}: rows, quarantined records and cursor, or nothing. */
public final class PageTransaction extends SpringTransactionPolicy {

    /**
     * Silences Camel's log line for a rollback, which would show the page's values; the end of the run logs the error
     * once.
     */
    @Override
    @SuppressWarnings("deprecation") // Camel's own policy uses it
    protected TransactionErrorHandler createTransactionErrorHandler(
            Route route, Processor processor, ErrorHandlerFactory builder) {
        if (builder instanceof org.apache.camel.spring.spi.LegacyTransactionErrorHandlerBuilder transactions) {
            transactions.setRollbackLoggingLevel(LoggingLevel.OFF);
        }
        return super.createTransactionErrorHandler(route, processor, builder);
    }

    /** Sets the sink whose pages these transactions are for. */
    public void setSink(UpsertSink sink) {
        TransactionTemplate transactions = sink.store().transactions();
        setTransactionManager(transactions.getTransactionManager());
        setTransactionTemplate(transactions);
    }
}
