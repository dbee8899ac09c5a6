/** The standalone program's CamelContext. Nothing but the program needs it. */
@NullMarked
package io.keysetsync.cli.context;

import org.jspecify.annotations.NullMarked;
