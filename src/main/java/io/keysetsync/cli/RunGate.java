package io.keysetsync.cli;

import io.keysetsync.Streams;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Trigger;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.listeners.TriggerListenerSupport;

/**
 * Lets runs of streams begin or not, and knows which are under way: a schedule that comes due in the middle of a reload
 * finds the routes half made. What does not begin is not made up for.
 */
final class RunGate extends TriggerListenerSupport {

    private final String group;
    private final Set<String> open = new HashSet<>();
    private final List<String> underWay = new ArrayList<>();

    /** Open for the streams that are there; it has to be listening before the first of them runs. */
    RunGate(CamelContext context) {
        group = Streams.triggerGroup(context);
        open.addAll(Streams.of(context).names());
    }

    @Override
    public String getName() {
        return "keyset-sync-run-gate";
    }

    @Override
    public synchronized boolean vetoJobExecution(Trigger trigger, JobExecutionContext job) {
        JobKey key = job.getJobDetail().getKey();
        if (!key.getGroup().equals(group)) {
            return false;
        }
        boolean begins = open.contains(key.getName());
        if (begins) {
            underWay.add(key.getName());
        }
        return !begins;
    }

    @Override
    public synchronized void triggerComplete(
            Trigger trigger, JobExecutionContext job, CompletedExecutionInstruction instruction) {
        underWay.remove(job.getJobDetail().getKey().getName());
        notifyAll();
    }

    synchronized void open(String stream) {
        open.add(stream);
    }

    /** No further run of these streams begins; those under way go on. */
    synchronized void close(Collection<String> streams) {
        open.removeAll(streams);
    }

    /** Waits until no run of these streams is under way, however long that takes. */
    synchronized void awaitEnd(Collection<String> streams) throws InterruptedException {
        while (!Collections.disjoint(underWay, streams)) {
            wait();
        }
    }
}
