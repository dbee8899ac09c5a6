# How the scripts in bin/ start Java. They set home and read this file.

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
java=$(command -v "$java") || {
  echo "keyset-sync: no Java found; install JDK 17 or later, or set JAVA_HOME" >&2
  exit 2
}
cd "$home"
classpath=$(LC_ALL=C && printf '%s:' lib/*.jar) # in the same order each time, so that the archive fits
classpath=${classpath%:}

# A JVM takes an archive of classes only if it was made by the same JVM, from jars of the same size and time: the name begins
# with a checksum of these. It ends with the archive's own size, because the JVM would crash over one that was cut off.
fits=$(readlink -f "$java" 2>/dev/null || echo "$java")
fits=$(stat -Lc '%n %s %Y' lib/*.jar "$fits" 2>/dev/null || stat -Lf '%N %z %m' lib/*.jar "$fits") # of GNU, of BSD
archive=lib/classes-$(echo "$fits" | LC_ALL=C sort | cksum | cut -d ' ' -f 1)-
for made in "$archive"*.jsa; do :; done

# The collector that takes the least CPU time, unless the user names one: with two, the JVM doesn't start.
case "${JAVA_OPTS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-}" in
  *-XX:+Use*GC*) collector= ;;
  *) collector=-XX:+UseParallelGC ;;
esac
