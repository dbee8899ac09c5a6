package io.keysetsync.cli;

import io.keysetsync.Errors;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceReloadStrategySupport;
import org.jspecify.annotations.Nullable;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over edits of the routes' files while the program runs, file by file. A file that can't be understood is as if it
 * had not changed; one whose routes can't start leaves the stream with the routes that it had. Camel's own strategy
 * removes all routes first, whatever they are doing, and has none left if a file is wrong.
 *
 * <p>It looks at the files twice a second, and takes over what it has found twice: an editor may write in several steps,
 * and two files may belong together.
 */
final class RoutesReload extends ResourceReloadStrategySupport {

    private static final Logger LOG = LoggerFactory.getLogger(RoutesReload.class);

    private static final long PERIOD_MILLIS = 500;

    private static final String AS_BEFORE = "until then it goes on as before";
    private static final String NOTHING_YET = "until then it has no effect";

    private final RouteFolders folders;
    private final RouteFileResolver served;
    private final Schedules schedules;
    private final RunGate gate;
    private final InstalledRoutes routes;

    /** With which files each file's routes were made; without those that have none. */
    private final Map<String, RouteFiles> running = new TreeMap<>();

    private RouteFiles found;
    private RouteFiles tried;
    private @Nullable ScheduledExecutorService watcher;

    /**
     * Has to be there before the first run begins.
     *
     * @param served what the context's routes have been made of
     */
    RoutesReload(CamelContext context, RouteFolders folders, RouteFileResolver served, Schedules schedules)
            throws SchedulerException {
        setCamelContext(context);
        this.folders = folders;
        this.served = served;
        this.schedules = schedules;
        this.gate = new RunGate(context);
        this.routes = new InstalledRoutes(context, gate);
        this.found = served.files();
        this.tried = served.files();
        served.files().texts().keySet().stream()
                .filter(folders::hasRoutes)
                .forEach(file -> running.put(file, served.files()));
        schedules.guard(gate);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ScheduledExecutorService thread =
                getCamelContext().getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "RoutesReload");
        watcher = thread;
        Future<?> unused = // what a look throws, it reports itself
                thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() throws Exception {
        if (watcher != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(watcher);
        }
        super.doStop();
    }

    /** It looks by itself. */
    @Override
    public void onReload(Object source) {}

    private void look() {
        try {
            RouteFiles now = folders.read();
            boolean settled = now.equals(found);
            found = now;
            if (settled && !now.equals(tried)) {
                tried = now;
                takeOver(now);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("a file is being replaced", e); // the next look finds it
        } catch (InterruptedException e) {
            LOG.debug("the program is stopping", e);
        } catch (Exception e) {
            if (!String.valueOf(e).equals(String.valueOf(getLastError()))) { // every look may find the same
                refuse("routes/", e, "until then nothing is reloaded");
            }
        }
    }

    private void takeOver(RouteFiles now) throws Exception {
        setLastError(null);
        RouteFiles before = served.files();
        RouteFiles next = understood(now, before);
        Set<String> affected = next.affectedSince(before);
        next.texts().keySet().stream()
                .filter(file -> !running.containsKey(file))
                .forEach(affected::add);
        affected.removeIf(file -> !folders.hasRoutes(file));
        if (next.changedSince(before).contains(RouteFiles.SETTINGS)) {
            getCamelContext().getPropertiesComponent().reloadProperties("file:" + RouteFiles.SETTINGS);
        }
        serve(next);
        for (String file : affected) {
            try {
                replace(file, next);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                refuse(file, e, "its streams rest until a file changes");
            }
        }
    }

    /** The files as they are, but as they were where what they are now is not understood. */
    private RouteFiles understood(RouteFiles now, RouteFiles before) {
        RouteFiles understood = now;
        served.serve(now);
        for (String file : now.changedSince(before)) {
            try {
                if (now.text(file) != null && (folders.hasRoutes(file) || RouteFiles.isKamelet(file))) {
                    routes.parse(file);
                }
            } catch (Exception e) {
                refuse(file, e, before.text(file) == null ? NOTHING_YET : AS_BEFORE);
                understood = understood.with(file, before);
            }
        }
        served.serve(before);
        return understood;
    }

    private void serve(RouteFiles files) throws Exception {
        Set<String> kamelets = files.kameletsChangedSince(served.files());
        served.serve(files);
        routes.forgetKamelets(kamelets);
    }

    private void replace(String file, RouteFiles next) throws Exception {
        LOG.info("{}: reloading", file);
        RouteFiles last = running.remove(file);
        routes.remove(file);
        if (next.text(file) == null) {
            LOG.info("{}: removed", file);
            incSucceededCounter();
            return;
        }
        try {
            routes.install(file);
            running.put(file, next);
            LOG.info("{}: reloaded", file);
            incSucceededCounter();
        } catch (Exception e) {
            refuse(file, e, last == null ? NOTHING_YET : AS_BEFORE);
            if (last != null) {
                restore(file, last, next);
            }
        }
        for (String stream : routes.streams(file)) {
            gate.open(stream);
            schedules.add(stream);
        }
    }

    private void restore(String file, RouteFiles last, RouteFiles next) throws Exception {
        serve(last);
        try {
            routes.install(file);
            running.put(file, last);
        } finally {
            serve(next);
        }
    }

    private void refuse(String file, Exception error, String consequence) {
        String problem =
                String.valueOf(Startup.explained(error, getCamelContext()).getMessage());
        LOG.error("{}{}; {}", problem.startsWith(file) ? "" : file + ": ", Errors.oneLine(problem), consequence);
        LOG.debug("{}", file, error);
        setLastError(error);
        incFailedCounter();
    }
}
