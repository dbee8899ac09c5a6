/** Settings that come from files. */
@NullMarked
package io.keysetsync.secrets;

import org.jspecify.annotations.NullMarked;
