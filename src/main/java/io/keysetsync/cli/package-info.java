/** The standalone program: the commands around a Camel Main. Nothing outside this package needs it. */
@NullMarked
package io.keysetsync.cli;

import org.jspecify.annotations.NullMarked;
