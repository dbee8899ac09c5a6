package io.keysetsync.metrics;

import io.keysetsync.RunEvent;
import org.apache.camel.Ordered;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/** Hears of the end of a stream's run, after all other listeners have. */
final class Ends extends SimpleEventNotifierSupport implements Ordered {

    private final String stream;
    private volatile boolean heard;

    Ends(String stream) {
        this.stream = stream;
    }

    boolean heard() {
        return heard;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof RunEvent run
                && run.kind() == RunEvent.Kind.ENDED
                && run.state().stream().equals(stream);
    }

    @Override
    public void notify(CamelEvent event) {
        heard = true;
    }

    @Override
    public int getOrder() {
        return LOWEST;
    }
}
