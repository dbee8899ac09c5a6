/** The sample API behind {@code routes/demo-api.camel.yaml}: made-up users, so that a first run needs nothing else. */
@NullMarked
package io.keysetsync.demo;

import org.jspecify.annotations.NullMarked;
