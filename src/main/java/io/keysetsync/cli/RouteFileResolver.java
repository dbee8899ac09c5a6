package io.keysetsync.cli;

import java.nio.file.Path;
import org.apache.camel.impl.engine.DefaultResourceLoader;
import org.apache.camel.impl.engine.DefaultResourceResolvers;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * Gives Camel the routes' files as they were at one time, whatever an editor is doing to them, so that all parts of a
 * stream are of that time, and can be had again after the files have changed.
 */
final class RouteFileResolver extends DefaultResourceResolvers.FileResolver {

    /** The bean name by which Camel finds it. */
    static final String BEAN = DefaultResourceLoader.RESOURCE_LOADER_KEY_PREFIX + SCHEME;

    private volatile RouteFiles files;

    RouteFileResolver(RouteFiles files) {
        this.files = files;
    }

    RouteFiles files() {
        return files;
    }

    void serve(RouteFiles other) {
        files = other;
    }

    @Override
    public Resource createResource(String location, String remaining) {
        String text = files.text(RouteFolders.name(Path.of(remaining)));
        return text == null ? super.createResource(location, remaining) : ResourceHelper.fromString(location, text);
    }
}
