/** The YAML files themselves: valid by Camel's schema, complete for readers and visual editors. */
@NullMarked
package io.keysetsync.routes;

import org.jspecify.annotations.NullMarked;
