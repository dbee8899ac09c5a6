package io.keysetsync.cluster;

import io.keysetsync.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.quartz.CronTrigger;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.JobPersistenceException;
import org.quartz.Scheduler;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.DriverDelegate;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.NoSuchDelegateException;
import org.quartz.impl.jdbcjobstore.SchedulerStateRecord;
import org.quartz.impl.jdbcjobstore.StdJDBCConstants;
import org.quartz.impl.jdbcjobstore.StdRowLockSemaphore;
import org.quartz.spi.OperableTrigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Quartz's clustered job store, with what a cluster of streams needs in addition. Public, as Quartz calls it by reflection. */
@SuppressWarnings("unchecked") // an override of Quartz's own is raw
public final class NodeJobStore extends JobStoreTX {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    /** What a pause is kept under, as the name of a paused group: Quartz forgets a trigger's pause with the trigger. */
    private static final String PAUSED = "paused ";

    /** Less than the time after which the database ends a connection that is idle in a transaction. */
    static final int LOCK_SECONDS = 4;

    private final String cluster;
    private final Predicate<JobKey> isOwn;
    private @Nullable DriverDelegate delegate;
    private volatile boolean hasLeft;

    /** Work in a transaction of the store. */
    interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws JobPersistenceException;
    }

    /**
     * The store of a node.
     *
     * @param isOwn whether the node has the route of a job
     */
    NodeJobStore(String cluster, Predicate<JobKey> isOwn) {
        this.cluster = cluster;
        this.isOwn = isOwn;
    }

    /** Schedulers of one process need different names; what they share in the database has that of the cluster. */
    @Override
    public void setInstanceName(String scheduler) {
        super.setInstanceName(cluster);
    }

    @Override
    protected synchronized DriverDelegate getDelegate() throws NoSuchDelegateException {
        if (delegate == null) {
            delegate = new NodeDelegate(isOwn);
            delegate.initialize(
                    getLog(), getTablePrefix(), getInstanceName(), getInstanceId(), getClassLoadHelper(), false, "");
        }
        return delegate;
    }

    /**
     * Waits for a lock for a few seconds at a time. Threads of a suspended node that wait for it would get it one after the
     * other, and each would hold it until the database ends its connection.
     */
    void waitBriefly(Database database) {
        String select = database.lockingRows(
                StdJDBCConstants.TABLE_PREFIX_SUBST + TABLE_LOCKS,
                COL_SCHEDULER_NAME + " = " + StdJDBCConstants.SCHED_NAME_SUBST + " AND " + COL_LOCK_NAME + " = ?",
                LOCK_SECONDS);
        setLockHandler(
                new StdRowLockSemaphore(getTablePrefix(), cluster, select.replace("'", "''"))); // a MessageFormat
    }

    /** Does work while no other node changes triggers. */
    <T extends @Nullable Object> T exclusively(Work<T> work) throws JobPersistenceException {
        return executeInNonManagedTXLock(LOCK_TRIGGER_ACCESS, work::with, null);
    }

    /**
     * Lets a stream run at once, in the transaction of {@link #exclusively}, unless it is paused, or a run that was cut short
     * waits to begin again.
     */
    void triggerFirst(Connection connection, JobKey job) throws JobPersistenceException {
        if (!isPaused(connection, new TriggerKey(job.getName(), job.getGroup()))) {
            trigger(connection, job);
        }
    }

    private void trigger(Connection connection, JobKey job) throws JobPersistenceException {
        if (getTriggersForJob(connection, job).size() > 1) {
            return;
        }
        OperableTrigger first = (OperableTrigger) TriggerBuilder.newTrigger()
                .withIdentity("first_" + UUID.randomUUID(), Scheduler.DEFAULT_GROUP)
                .forJob(job)
                .build();
        first.computeFirstFireTime(null);
        storeTrigger(connection, first, null, false, STATE_WAITING, false, false);
        signalSchedulingChangeOnTxCompletion(0L);
    }

    /**
     * Says to the others that this node is gone, and lets runs that it did not finish begin again there.
     *
     * @param unfinished the jobs of runs that have ended unfinished
     * @param isIdle whether all runs have ended; if not, the others find those under way later, as after a kill
     */
    void leave(Supplier<Set<JobKey>> unfinished, boolean isIdle) throws JobPersistenceException {
        exclusively(connection -> {
            hasLeft = true;
            try {
                if (isIdle) {
                    SchedulerStateRecord self = new SchedulerStateRecord();
                    self.setSchedulerInstanceId(getInstanceId());
                    super.clusterRecover(connection, List.of(self)); // firings whose end is not noted yet
                    getDelegate().deleteSchedulerState(connection, getInstanceId());
                }
            } catch (SQLException e) {
                throw new JobPersistenceException("the node can't leave: " + e.getMessage(), e);
            }
            for (JobKey job : unfinished.get()) {
                if (checkExists(connection, job)) {
                    trigger(connection, job);
                }
            }
            return null;
        });
    }

    @Override
    protected void clusterRecover(Connection connection, List<SchedulerStateRecord> gone)
            throws JobPersistenceException {
        super.clusterRecover(connection, gone);
        gone.forEach(node -> LOG.warn(
                "cluster: the node {} is gone; its runs begin again on others", node.getSchedulerInstanceId()));
    }

    private static String pauseOf(TriggerKey key) {
        return PAUSED + key.getName();
    }

    @Override
    public void pauseTrigger(Connection connection, TriggerKey key) throws JobPersistenceException {
        super.pauseTrigger(connection, key);
        try {
            if (!getDelegate().isTriggerGroupPaused(connection, pauseOf(key))) {
                getDelegate().insertPausedTriggerGroup(connection, pauseOf(key));
            }
        } catch (SQLException e) {
            throw new JobPersistenceException("the pause of " + key + " can't be kept: " + e.getMessage(), e);
        }
    }

    @Override
    public void resumeTrigger(Connection connection, TriggerKey key) throws JobPersistenceException {
        try {
            getDelegate().deletePausedTriggerGroup(connection, pauseOf(key));
        } catch (SQLException e) {
            throw new JobPersistenceException("the pause of " + key + " can't be ended: " + e.getMessage(), e);
        }
        super.resumeTrigger(connection, key);
    }

    /** {@inheritDoc} A trigger that comes back, or has another schedule, is paused if the stream is. */
    @Override
    protected void storeTrigger(
            Connection connection,
            OperableTrigger trigger,
            @Nullable JobDetail job,
            boolean replaceExisting,
            String state,
            boolean forceState,
            boolean recovering)
            throws JobPersistenceException {
        boolean isPaused = state.equals(STATE_WAITING) && isSchedule(trigger) && isPaused(connection, trigger.getKey());
        super.storeTrigger(
                connection, trigger, job, replaceExisting, isPaused ? STATE_PAUSED : state, forceState, recovering);
    }

    /** A run by hand, or again after a kill, has a trigger with another name. */
    private static boolean isSchedule(OperableTrigger trigger) {
        JobKey job = trigger.getJobKey();
        return trigger.getKey().getName().equals(job.getName())
                && trigger.getKey().getGroup().equals(job.getGroup());
    }

    /** Whether a schedule is paused; it may not have a trigger now. */
    private boolean isPaused(Connection connection, TriggerKey key) throws JobPersistenceException {
        try {
            return getDelegate().isTriggerGroupPaused(connection, pauseOf(key));
        } catch (SQLException e) {
            throw new JobPersistenceException("the pause of " + key + " can't be read: " + e.getMessage(), e);
        }
    }

    /** {@inheritDoc} Of two schedules, that of the node which started last holds. */
    @Override
    protected boolean replaceTrigger(Connection connection, TriggerKey key, OperableTrigger trigger)
            throws JobPersistenceException {
        OperableTrigger before = retrieveTrigger(connection, key);
        boolean isReplaced = super.replaceTrigger(connection, key, trigger);
        if (isReplaced && before instanceof CronTrigger old && trigger instanceof CronTrigger now) {
            LOG.warn(
                    "{}: the schedule '{}' of this node, which started last, holds for all nodes instead of '{}'",
                    key.getName(),
                    now.getCronExpression(),
                    old.getCronExpression());
        }
        return isReplaced;
    }

    /**
     * {@inheritDoc} A trigger that waits for a run of its stream on another node stays blocked. Quartz would let it go, and
     * both would run at the same time.
     */
    @Override
    protected void releaseAcquiredTrigger(Connection connection, OperableTrigger trigger)
            throws JobPersistenceException {
        super.releaseAcquiredTrigger(connection, trigger);
        String state = checkBlockedState(connection, trigger.getJobKey(), STATE_WAITING);
        if (state.equals(STATE_BLOCKED)) {
            try {
                getDelegate()
                        .updateTriggerStateFromOtherState(connection, trigger.getKey(), STATE_BLOCKED, STATE_WAITING);
            } catch (SQLException e) {
                throw new JobPersistenceException(trigger.getKey() + " can't be blocked: " + e.getMessage(), e);
            }
        }
    }

    /**
     * {@inheritDoc} A node that was stopped for a time may end a run that another node began again since. The triggers are
     * those of that run then. After {@link #leave} a run's end is noted by the node that begins it again.
     */
    @Override
    protected void triggeredJobComplete(
            Connection connection, OperableTrigger trigger, JobDetail job, CompletedExecutionInstruction instruction)
            throws JobPersistenceException {
        if (!hasLeft && isStillOurs(connection, trigger)) {
            super.triggeredJobComplete(connection, trigger, job, instruction);
        }
    }

    private boolean isStillOurs(Connection connection, OperableTrigger trigger) throws JobPersistenceException {
        TriggerKey key = trigger.getKey();
        try {
            return getDelegate().selectFiredTriggerRecords(connection, key.getName(), key.getGroup()).stream()
                    .anyMatch(fired -> trigger.getFireInstanceId().equals(fired.getFireInstanceId()));
        } catch (SQLException e) {
            throw new JobPersistenceException("the firing of " + key + " can't be read: " + e.getMessage(), e);
        }
    }
}
