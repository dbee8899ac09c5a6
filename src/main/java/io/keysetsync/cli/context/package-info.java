/** What surrounds the standalone program: its CamelContext, the signals that end it, the edits of its files. */
@NullMarked
package io.keysetsync.cli.context;

import org.jspecify.annotations.NullMarked;
