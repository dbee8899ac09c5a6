package io.keysetsync.run;

/**
 * A stream's table, ready for the pages of one run. A run keeps this object for its sink, which alone knows its
 * content. So two simultaneous runs in one context (such as a run and a quarantine retry or a preview) can't change
 * each other's columns.
 */
public interface PreparedTable {}
