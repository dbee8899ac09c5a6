package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.quartz.SchedulerException;

/** Puts {@link RoutesReload} in the place of Camel's own strategy, where {@value #ENABLED} is true. */
final class Reloading extends MainListenerSupport {

    private static final String ENABLED = "camel.main.routes-reload-enabled";

    private boolean wanted;
    private @Nullable RouteFolders folders;
    private @Nullable RouteFileResolver files;
    private @Nullable RoutesReload reload;

    /** Without it, nothing is reloaded even where that is enabled. */
    void want() {
        wanted = true;
    }

    /** Before any route is read, so that whatever changes from then on is noticed. */
    @Override
    public void beforeConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        boolean enabled = Program.isTrue(
                ENABLED,
                context.getPropertiesComponent()
                        .resolveProperty(ENABLED)
                        .map(String::strip)
                        .orElse("false"));
        if (wanted && enabled) {
            try {
                folders = RouteFolders.of(context);
                files = new RouteFileResolver(folders.read());
            } catch (IOException e) {
                throw new ConfigurationException("the files in routes/ can't be read: " + Errors.message(e), e);
            }
            context.getRegistry().bind(RouteFileResolver.BEAN, files);
        }
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        RouteWatcherReloadStrategy camels = context.hasService(RouteWatcherReloadStrategy.class);
        if (camels != null) {
            try {
                context.removeService(camels);
            } catch (Exception e) {
                throw new IllegalStateException("Camel's own reloading can't be ended", e);
            }
            ServiceHelper.stopAndShutdownService(camels);
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
