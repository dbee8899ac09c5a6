package io.keysetsync.sync;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;

/**
 * A Quartz that fires nothing, as the test says when a run begins. It has no threads, either: the end of Quartz's own waits
 * up to half a second for each that idles.
 */
public final class RunsByHand {

    private static final Map<String, Object> NO_THREADS =
            Map.of("org.quartz.threadPool.class", "org.quartz.simpl.ZeroSizeThreadPool");

    private RunsByHand() {}

    public static void in(CamelContext context) {
        QuartzComponent quartz = context.getComponent("quartz", QuartzComponent.class);
        quartz.setAutoStartScheduler(false);
        quartz.setProperties(NO_THREADS);
    }

    public static void in(Main main) {
        main.bind("noThreads", NO_THREADS);
        main.addOverrideProperty("camel.component.quartz.auto-start-scheduler", "false");
        main.addOverrideProperty("camel.component.quartz.properties-ref", "noThreads");
    }
}
