/**
 * The events of runs as messages, for routes from {@code kamelet:sync-events-source}: a component of Camel that only
 * consumes. Each route has its own queue and thread, so that no route can hold up a run or another route.
 */
@NullMarked
package io.keysetsync.events;

import org.jspecify.annotations.NullMarked;
