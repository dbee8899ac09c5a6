/** The meters of the streams and their health checks, for the registries that an application has. Opens no port. */
@NullMarked
package io.keysetsync.metrics;

import org.jspecify.annotations.NullMarked;
