"""Times the contenders in turns. compare.sh starts this."""

import argparse
import csv
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WORKS = {"first": "first sync", "nothing_new": "nothing new"}


class Servers:
    """The API and PostgreSQL, which end when the pipe to their standard input does."""

    def __init__(self, records, page_size, rows):
        command = ["java", "-cp", os.environ["COMPARE_CLASSPATH"], "io.keysetsync.bench.ApiAndPostgres"]
        self.process = subprocess.Popen(
            [*command, str(records), str(page_size), str(rows)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(rows.with_suffix(".log"), "w"),
            text=True,
        )
        facts = {}
        for line in iter(self.process.stdout.readline, "ready\n"):
            if not line:
                sys.exit("compare: the API and PostgreSQL did not start:\n" + rows.with_suffix(".log").read_text())
            name, _, value = line.strip().partition("=")
            facts[name] = value
        self.api, self.port, self.newest = facts["api"], facts["postgres_port"], facts["newest"]

    def psql(self, database, *arguments):
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port]
        return [*command, "-U", "postgres", "-d", database, *arguments]

    def ask(self, database, sql):
        return subprocess.run(self.psql(database, "-c", sql), check=True, text=True, capture_output=True).stdout.strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Contender:
    """A program that is run once for each sync: its name, its table and the column that has the cursor."""

    def __init__(self, name, database, table, cursor, command, env=None):
        self.name, self.database, self.table, self.cursor = name, database, table, cursor
        self.command = command  # of the folder for a round's files and the work, the arguments
        self.env = env or (lambda folder: {})


def contenders(servers, scratch):
    """Those that could be installed."""
    host = f"127.0.0.1:{servers.port}"
    yield Contender(
        "keyset-sync",
        "keyset",
        '"user"',
        '"updatedAt"',
        lambda folder, work: [
            f"{ROOT}/target/keyset-sync/bin/keyset-sync",
            "once",
            "user",
            "-Dsync.demo-api=false",
            f"-Dsync.user.url={servers.api}",
            f"-Dsync.database.url=jdbc:postgresql://{host}/keyset",
            "-Dsync.database.username=postgres",
        ],
    )
    python = scratch / "dlt/bin/python"
    if python.exists():
        yield dlt(python, servers.api, host, "installed", {})
        workers = {"NORMALIZE__WORKERS": "2", "LOAD__WORKERS": "2", "SOURCES__DATA_WRITER__FILE_MAX_ITEMS": "10000"}
        yield dlt(python, servers.api, host, "tuned", workers)
    if (scratch / "tap").exists() and (scratch / "target").exists():
        yield singer(scratch, servers)
    yield Contender(
        "psql COPY + merge, rows in a file",
        "psql",
        '"user"',
        '"updatedAt"',
        lambda folder, work: servers.psql("psql", "-1", "-f", str(HERE / "merge.sql")),
    )


def dlt(python, api, host, way, settings):
    database = f"dlt_{way}"
    return Contender(
        f"dlt, {'as installed' if way == 'installed' else 'csv, 2 workers'}",
        database,
        "peer.user",
        "updated_at",
        # dlt wants a password, which this server does not ask for
        lambda folder, work: [python, HERE / "dlt_job.py", api, f"postgresql://postgres:none@{host}/{database}", way],
        # without telemetry, which asks a server elsewhere
        lambda folder: {"DLT_DATA_DIR": str(folder), "RUNTIME__DLTHUB_TELEMETRY": "false", **settings},
    )


def singer(scratch, servers):
    tap, target = scratch / "tap.json", scratch / "target.json"
    tap.write_text(json.dumps({"url": servers.api}))
    target.write_text(
        json.dumps(
            {
                "host": "127.0.0.1",
                "port": int(servers.port),
                "user": "postgres",
                "password": "none",
                "database": "singer",
                "default_target_schema": "peer",
                "use_copy": True,
            }
        )
    )

    def command(folder, work):
        state = "" if work == "first" else f"--state '{folder}/state.json'"
        return [
            "bash",
            "-c",
            f"set -o pipefail; '{scratch}/tap/bin/python' '{HERE}/tap_users.py' --config '{tap}' {state} |"
            f" '{scratch}/target/bin/target-postgres' --config '{target}' | tail -n 1 >'{folder}/state.new' &&"
            f" mv '{folder}/state.new' '{folder}/state.json'",
        ]

    return Contender("Singer: SDK tap, target-postgres with COPY", "singer", "peer.user", '"updatedAt"', command)


def turn(contender, servers, scratch, rows, records):
    """A round of one contender, in a new database: milliseconds by work, or None if it does not run."""
    folder = scratch / "round"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    servers.ask("postgres", f"DROP DATABASE IF EXISTS {contender.database} WITH (FORCE)")
    servers.ask("postgres", f"CREATE DATABASE {contender.database}")
    took = {}
    for work in WORKS:
        environment = {**os.environ, "PGCLIENTENCODING": "UTF8", **contender.env(folder)}
        with open(rows if work == "first" else rows.with_suffix(".newest")) as stdin:
            command = contender.command(folder, work)
            begun = time.perf_counter()
            run = subprocess.run(command, env=environment, cwd=folder, stdin=stdin, capture_output=True, text=True)
            took[work] = (time.perf_counter() - begun) * 1000
        if run.returncode != 0:
            print(f"compare: {contender.name} does not run ({work}, exit code {run.returncode}):")
            print("\n".join((run.stdout + run.stderr).strip().splitlines()[-20:]))
            return None
        check(contender, servers, records, work)
    return took


def check(contender, servers, records, work):
    utc = "to_char(max({}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')".format(contender.cursor)
    # a column without a zone is in UTC already
    typed = servers.ask(contender.database, f"SELECT pg_typeof(max({contender.cursor})) FROM {contender.table}")
    if "without time zone" in typed:
        utc = utc.replace(" AT TIME ZONE 'UTC'", "")
    found = servers.ask(contender.database, f"SELECT count(*), count(DISTINCT id), {utc} FROM {contender.table}")
    if found != f"{records}|{records}|{servers.newest}":
        sys.exit(f"compare: {contender.name} left {found} ({work}) instead of {records} rows up to {servers.newest}")


def measure(workload, rounds, only, scratch):
    records, page_size = map(int, workload.split(":"))
    rows = scratch / "rows.csv"
    servers = Servers(records, page_size, rows)
    try:
        with open(rows, newline="") as source, open(rows.with_suffix(".newest"), "w", newline="") as target:
            csv.writer(target).writerows(row for row in csv.reader(source) if row[-1] == servers.newest)
        running = [c for c in contenders(servers, scratch) if only in c.name]
        times = {c.name: {work: [] for work in WORKS} for c in running}
        for number in range(rounds + 1):  # the first is a warm-up, which also finds out what does not run
            for contender in running[number % len(running) :] + running[: number % len(running)]:
                took = turn(contender, servers, scratch, rows, records)
                if took is None and contender.name == "keyset-sync":
                    sys.exit(1)
                if took is None:
                    print(f"compare: left out: {contender.name}")
                    running = [c for c in running if c is not contender]
                    del times[contender.name]
                elif number:
                    for work in WORKS:
                        times[contender.name][work].append(took[work])
            print(f"compare: {workload}, {f'round {number} of {rounds}' if number else 'warm-up'} done", flush=True)
        return {
            "records": records,
            "page_size": page_size,
            "postgres": servers.ask("postgres", "SHOW server_version"),
            "contenders": [figures(name, work, times) for work in WORKS for name in times],
        }
    finally:
        servers.close()


def figures(name, work, times):
    median = statistics.median(times[name][work])
    own = times.get("keyset-sync")
    return {
        "contender": name,
        "work": work,
        "median_ms": round(median),
        "ratio": round(median / statistics.median(own[work]), 2) if own else None,
        "rounds_ms": [round(ms) for ms in times[name][work]],
    }


def version(scratch, environment, package):
    python = scratch / environment / "bin/python"
    code = f"import importlib.metadata as m; print(m.version('{package}'))"
    return subprocess.run([python, "-c", code], text=True, capture_output=True).stdout.strip() if python.exists() else None


def machine(scratch):
    java = subprocess.run(["java", "-version"], text=True, capture_output=True).stderr.splitlines()[0]
    own = subprocess.run([f"{ROOT}/target/keyset-sync/bin/keyset-sync", "--version"], text=True, capture_output=True)
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "java": java,
        "python": platform.python_version(),
        "keyset-sync": own.stdout.strip(),
        "dlt": version(scratch, "dlt", "dlt"),
        "singer-sdk": version(scratch, "tap", "singer-sdk"),
        "meltanolabs-target-postgres": version(scratch, "target", "meltanolabs-target-postgres"),
    }


def show(result):
    for workload in result["workloads"]:
        for work, title in WORKS.items():
            print(f"\n{workload['records']:,} records in pages of {workload['page_size']:,}, {title}")
            print(f"  {'':42} {'median ms':>10} {'ratio':>7}")
            for row in workload["contenders"]:
                if row["work"] == work:
                    print(f"  {row['contender']:42} {row['median_ms']:10,} {row['ratio'] or '':>7}")


def main():
    parser = argparse.ArgumentParser(prog="compare.sh")
    parser.add_argument("workloads", nargs="*", default=["2000:500", "100000:1000"], metavar="RECORDS:PAGE_SIZE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="part of a contender's name")
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is ended
    result = {"machine": machine(arguments.scratch), "rounds": arguments.rounds}
    print("compare:", ", ".join(f"{key} {value}" for key, value in result["machine"].items()))
    result["workloads"] = [
        measure(workload, arguments.rounds, arguments.only, arguments.scratch) for workload in arguments.workloads
    ]
    result["machine"]["load_after"] = [round(load, 2) for load in os.getloadavg()]
    show(result)
    target = ROOT / "target/compare.json"
    target.write_text(json.dumps(result, indent=2) + "\n")
    print(f"\ncompare: ratio to keyset-sync; written to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
