package io.keysetsync.sink;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The data source for the step {@code jdbc}: its connections take part in the page's transaction. */
public final class TransactionalDataSource extends DelegatingDataSource {

    /** Does nothing: the target is set later than Spring's injector expects. */
    @Override
    public void afterPropertiesSet() {}

    /** Sets the sink whose rows go through this data source. */
    public void setSink(UpsertSink sink) {
        setTargetDataSource(sink.store().dataSource());
    }
}
