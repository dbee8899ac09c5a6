@org.jspecify.annotations.NullMarked
package io.keysetsync.cli.add;
