/** The meters of the streams and their health checks, for whatever registries an application has. Nothing listens here. */
@NullMarked
package io.keysetsync.metrics;

import org.jspecify.annotations.NullMarked;
