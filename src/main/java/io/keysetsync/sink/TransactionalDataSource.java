package io.keysetsync.sink;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The data source for the step {@code jdbc}: its connections take part in the page's transaction. */
public final class TransactionalDataSource extends DelegatingDataSource {

    /** The target is set later than Spring's injector expects it. */
    @Override
    public void afterPropertiesSet() {}

    /** The sink whose rows go through this data source. */
    public void setSink(UpsertSink sink) {
        setTargetDataSource(sink.store().dataSource());
    }
}
