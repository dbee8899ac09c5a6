/** The public API for applications that embed keyset-sync: streams, and the errors and events of their runs. */
@NullMarked
package io.keysetsync;

import org.jspecify.annotations.NullMarked;
