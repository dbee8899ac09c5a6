/** Routes that are told of events: which they get, and that nothing they do is felt by a run. */
@NullMarked
package io.keysetsync.events;

import org.jspecify.annotations.NullMarked;
