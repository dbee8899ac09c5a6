/** Settings that come from files. */
@NullMarked
package io.keysetsync.parameters;

import org.jspecify.annotations.NullMarked;
