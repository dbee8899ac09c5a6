/** The meters and health checks that join an application's own registries. */
@NullMarked
package io.keysetsync.metrics;

import org.jspecify.annotations.NullMarked;
