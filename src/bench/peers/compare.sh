#!/usr/bin/env bash
# Compares the packaged copy with other ways to get the same records from the same API into the same PostgreSQL:
#
#   src/bench/peers/compare.sh [--rounds N] [--only NAME] [RECORDS:PAGE_SIZE ...]
#
# Without arguments: 5 rounds of 2000:500 and 100000:1000. Prints a table and writes target/compare.json.
# Needs target/keyset-sync (mvn -B package -DskipTests), python3 with venv, psql, and PyPI for the peers; one that can't be
# installed is left out. Takes free ports and scratch folders, and removes all of it at the end.
set -euo pipefail

peers=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$peers/../../.." && pwd)
die() {
  echo "compare: $*" >&2
  exit 2
}
[ -x "$root/target/keyset-sync/bin/keyset-sync" ] || die "no packaged copy yet; first: mvn -B package -DskipTests"
for tool in mvn python3 psql; do
  command -v "$tool" >/dev/null || die "no $tool found; install it"
done

# Otherwise the start script makes it in the background, and the first rounds measure that, too.
"$root/target/keyset-sync/bin/class-archive" || echo "compare: no archive of classes: keyset-sync starts slower than it could"

scratch=$(mktemp -d)
comparison=
trap '[ -z "$comparison" ] || { kill "$comparison" 2>/dev/null && wait "$comparison"; } || true; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The name of the environment, then what to install into it.
install() {
  local name=$1
  shift
  echo "compare: installing $*"
  if ! { python3 -m venv "$scratch/$name" && "$scratch/$name/bin/pip" install "$@"; } >"$scratch/pip.log" 2>&1; then
    echo "compare: left out, because $* can't be installed: $(grep . "$scratch/pip.log" | tail -n 1)"
    rm -rf "${scratch:?}/$name"
  fi
}
unset PYTHONDONTWRITEBYTECODE # the peers would start slower than they need to
install dlt 'dlt[postgres]'
install tap singer-sdk
# PyPI's own "target-postgres" is of 2018 and needs a Python of that time; the command of that name is this one's, today.
install target meltanolabs-target-postgres

(cd "$root" && mvn -q -B -Pbench test-compile dependency:build-classpath -Dmdep.includeScope=test \
  "-Dmdep.outputFile=$scratch/classpath") || die "the servers in src/bench/java can't be compiled"
export COMPARE_CLASSPATH="$root/target/test-classes:$root/target/classes:$(cat "$scratch/classpath")"
cd "$root"
python3 "$peers/compare.py" --scratch "$scratch" "$@" &
comparison=$! # in the background, so that a signal to this script reaches the trap at once
wait "$comparison"
