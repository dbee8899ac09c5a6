/** Settings that come from files, as Kubernetes and Docker mount secrets. */
@NullMarked
package io.keysetsync.secrets;

import org.jspecify.annotations.NullMarked;
