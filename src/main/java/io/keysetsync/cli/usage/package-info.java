/** What is said about a command line that can't be understood. */
@NullMarked
package io.keysetsync.cli.usage;

import org.jspecify.annotations.NullMarked;
