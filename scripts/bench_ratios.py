#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of kin and of a hand-written program doing the same work, and fails above the bounds.

The program is `kin_bench <kin|raw> <workload> <n>`; what counts is what runs inside functions named kin_bench_measured*. Such a function must not be inlined, must not call
another one of them, and has no lambda of its own (its name would begin alike, and each entry switches the count over).
Both sides must print the same checksum. Counts do not depend on the clock or on what else the machine does.

On servers the program is `kin_bench_servers <fill|kin|raw> <workload> <n> URL`, beside libpq and libmariadb; the instructions are those of the client: what the
server does is the same for both sides. It gets private servers (scripts/servers.sh).
usage: bench_ratios.py [workload... | postgresql | mariadb]
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "release" / "bench" / "kin_bench"
SERVER_PROGRAM = PROGRAM.with_name("kin_bench_servers")
SERVERS = ROOT / "scripts" / "servers.sh"
OUT = ROOT / "build" / "test-output"

# workload: (n, the most that kin may cost, as a multiple of the hand-written program)
BOUNDS = {
    "load": (20_000, 1.25),   # posts loaded as objects
    "insert": (20_000, 1.2),  # posts made and committed
    "loop": (300, 1.25),      # users whose posts are read in the naive loop
    "get": (10_000, 1.3),     # single gets by key
    "update": (10_000, 1.6),  # posts changed and committed; 1.54 today: a guard, not the goal
}
# Guards, not goals, where they are above 1.3: what is counted is the client alone, in which there is no database that would do most of the work on both sides.
# By hand a row is one INSERT, as beside SQLite; the 10,000 waits for its answers are the system's, and not counted.
SERVER_BOUNDS = {
    "postgresql": {"load": (20_000, 1.4), "insert": (10_000, 1.25), "get": (2_000, 1.35)},
    "mariadb": {"load": (20_000, 1.25), "insert": (10_000, 2.6), "get": (2_000, 1.3)},
}


def measure(side, workload, n, program=PROGRAM, place=()):
    """(instructions, checksum) of one run."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=callgrind.out",
                   *(f"--toggle-collect={scope}kin_bench_measured*" for scope in ("", "(anonymous namespace)::")), str(program), side, workload, str(n), *place]
        result = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"{side} {workload}: exit {result.returncode}\n{result.stderr[-2000:]}")
        counted = re.search(r"Collected : (\d+)", result.stderr)
        if not counted or int(counted[1]) == 0:
            raise RuntimeError(f"{side} {workload}: nothing was counted; is the work in a function kin_bench_measured*?")
        return int(counted[1]), result.stdout.strip()


def measure_on(server, workloads):
    """Yields (workload, (instructions, checksum) of kin, the same by hand), one after the other: they share the tables."""
    started = subprocess.run([str(SERVERS), "start", server, "--until", str(os.getpid())], capture_output=True, text=True)
    if started.returncode != 0:
        raise RuntimeError(f"no {server}: {started.stderr[-500:]}")
    url = started.stdout.strip()
    try:
        for workload, (n, _) in workloads.items():
            sides = []
            for side in ("kin", "raw"):
                subprocess.run([str(SERVER_PROGRAM), "fill", workload, str(n), url], check=True)
                sides.append(measure(side, workload, n, SERVER_PROGRAM, (url,)))
            yield workload, *sides
    finally:
        subprocess.run([str(SERVERS), "stop", server], capture_output=True)


def main():
    if not PROGRAM.is_file():
        print(f"there is no {PROGRAM.relative_to(ROOT)}")
        print("0 passed, 1 failed")
        return 1
    asked = sys.argv[1:] or [*BOUNDS, *(SERVER_BOUNDS if SERVER_PROGRAM.is_file() else ())]
    passed = failed = 0
    rows = ["| workload | n | kin, instructions | by hand | ratio | at most |", "| --- | ---: | ---: | ---: | ---: | ---: |"]

    def judge(name, n, bound, by_kin, by_hand):
        nonlocal passed, failed
        (kin, kin_sum), (raw, raw_sum) = by_kin, by_hand
        ratio = kin / raw
        rows.append(f"| {name} | {n} | {kin:,} | {raw:,} | {ratio:.2f} | {bound:.2f} |")
        if kin_sum != raw_sum:
            print(f"{name}: the checksums differ, kin '{kin_sum}', by hand '{raw_sum}'")
            failed += 1
        elif ratio > bound:
            print(f"{name}: {ratio:.2f} times the hand-written program; {bound:.2f} is the most")
            failed += 1
        else:
            passed += 1

    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        runs = {(side, workload): pool.submit(measure, side, workload, BOUNDS[workload][0])
                for workload in asked if workload in BOUNDS for side in ("kin", "raw")}
        on_servers = {server: pool.submit(lambda name=server: list(measure_on(name, SERVER_BOUNDS[name])))
                      for server in asked if server in SERVER_BOUNDS}
        for name in asked:
            try:
                if name in on_servers:
                    for workload, by_kin, by_hand in on_servers[name].result():
                        judge(f"{name}: {workload}", *SERVER_BOUNDS[name][workload], by_kin, by_hand)
                else:
                    judge(name, *BOUNDS[name], runs["kin", name].result(), runs["raw", name].result())
            except (RuntimeError, subprocess.CalledProcessError) as problem:
                print(problem)
                failed += 1
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "bench.md").write_text("\n".join(rows) + "\n")
    print("\n".join(rows))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
