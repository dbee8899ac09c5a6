package io.keysetsync.source;

import io.keysetsync.run.PageInFlight;
import io.keysetsync.run.Run;
import io.keysetsync.run.window.CommitWindow;
import io.keysetsync.run.window.SharedWindows;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.support.SynchronizationAdapter;

/** Makes a message of the page in hand, for the stream's steps. */
final class HandOver {

    private HandOver() {}

    /** Waits until no other lane of the run saves a page, and lets none begin before the branch's exchange is done. */
    static void of(Run run, Exchange exchange) throws InterruptedException {
        SharedWindows windows = CommitWindow.windowsOf(run);
        if (windows != null) {
            windows.lanes().beginSave();
        }
        exchange.removeProperty(ExchangePropertyKey.STREAM_CACHE_UNIT_OF_WORK);
        PageInFlight page = run.saves();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                run.savingEnded();
                if (windows != null) {
                    windows.lanes().endSave();
                }
            }

            @Override
            public boolean allowHandover() {
                return false;
            }
        });
        Message records = new DefaultMessage(exchange);
        records.setBody(page.records());
        exchange.setMessage(records);
        page.handTo(exchange);
    }
}
