package io.keysetsync.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.quartz.SchedulerException;

/** Puts {@link RoutesReload} in the place of Camel's own strategy, where {@code camel.main.routes-reload-enabled} is true. */
final class Reloading extends MainListenerSupport {

    private @Nullable RouteFolders folders;
    private @Nullable RouteFileResolver files;
    private @Nullable RoutesReload reload;

    /** Before any route is read, so that whatever changes from then on is noticed. */
    @Override
    public void beforeConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        try {
            folders = RouteFolders.of(context);
            files = new RouteFileResolver(folders.read());
            context.getRegistry().bind(RouteFileResolver.BEAN, files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        RouteWatcherReloadStrategy camels = context.hasService(RouteWatcherReloadStrategy.class);
        if (camels == null) {
            context.getRegistry().unbind(RouteFileResolver.BEAN);
            files = null;
            return;
        }
        try {
            context.removeService(camels);
            ServiceHelper.stopAndShutdownService(camels);
        } catch (Exception e) {
            throw new IllegalStateException("Camel's own reloading can't be ended", e);
        }
    }

    /** Before any stream runs. */
    void prepare(CamelContext context, Schedules schedules) throws SchedulerException {
        if (folders != null && files != null) {
            reload = new RoutesReload(context, folders, files, schedules);
        }
    }

    /** Begins to watch the files, where that is enabled. */
    void start(CamelContext context) throws Exception {
        if (reload != null) {
            context.addService(reload);
        }
    }
}
