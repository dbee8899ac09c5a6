/** What an application that embeds keyset-sync may meet: the errors and the events of a run. */
@NullMarked
package io.keysetsync;

import org.jspecify.annotations.NullMarked;
