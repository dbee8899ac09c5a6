/** Reads a Kamelet's parameters, with one-line errors that name stream, parameter and value. */
@NullMarked
package io.keysetsync.parameters;

import org.jspecify.annotations.NullMarked;
