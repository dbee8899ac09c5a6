#!/usr/bin/env bash
# Syncs from the real fivetran-api-playground (PyPI), twice: 200 users arrive, and the second sync asks since the stored
# cursor. Takes the packaged copy in target/keyset-sync/, works in a scratch folder, and needs python3 with venv.
# Without a network it says so and does nothing.
set -euo pipefail

version=1.1.9
root=$(cd "$(dirname "$0")/../../.." && pwd)
[ -x "$root/target/keyset-sync/bin/keyset-sync" ] || {
  echo "playground: no packaged copy yet; first: mvn -B package -DskipTests" >&2
  exit 2
}

scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -- "-$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT

python3 -m venv "$scratch/venv"
if ! "$scratch/venv/bin/pip" install --quiet "fivetran-api-playground==$version" >"$scratch/pip.log" 2>&1; then
  echo "playground: left out, because fivetran-api-playground can't be installed from PyPI:"
  tail -n 1 "$scratch/pip.log"
  exit 0
fi

port=$("$scratch/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
setsid "$scratch/venv/bin/playground" start --port "$port" >"$scratch/playground.log" 2>&1 &
server=$! # and, with setsid, its process group: the playground has a child that reloads it
url=http://127.0.0.1:$port/pagination/keyset
"$scratch/venv/bin/python" - "$url" <<'PYTHON'
import sys, time, urllib.request
for _ in range(150):
    try:
        urllib.request.urlopen(sys.argv[1], timeout=5).read()
        break
    except OSError:
        time.sleep(0.2)
else:
    sys.exit("playground: it did not start")
PYTHON

cp -r "$root/target/keyset-sync" "$scratch/keyset-sync"
query() {
  (cd "$scratch/keyset-sync" && java -cp "lib/*" io.keysetsync.pool.H2Shell data/keyset-sync -sql "$1") |
    sed -n 2p
}
sync() { "$scratch/keyset-sync/bin/keyset-sync" once user -Dsync.demo-api=false "-Dsync.user.url=$url"; }

sync
rows=$(query 'SELECT count(*) FROM "user"')
cursor=$(query 'SELECT cursor_value FROM keyset_sync_cursor')
[ "$rows" = 200 ] || { echo "playground: $rows rows arrived instead of 200" >&2; exit 1; }

sync
grep -qF "updated_since=$cursor " "$scratch/playground.log" || {
  echo "playground: the second sync did not ask since $cursor; the requests were:" >&2
  grep '"GET' "$scratch/playground.log" >&2
  exit 1
}
[ "$(query 'SELECT count(*) FROM "user"')" = 200 ]
echo "playground: 200 users arrived, and the second sync asked since $cursor"
