/** keyset-sync in somebody else's CamelContext, with nothing of the standalone program. */
@NullMarked
package io.keysetsync.embedded;

import org.jspecify.annotations.NullMarked;
