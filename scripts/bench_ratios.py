#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of kin and of hand-written SQLite doing the same work, and fails above the bounds.

The program is `kin_bench <kin|raw> <workload> <n>`; what counts is what runs inside functions named kin_bench_measured*. Such a function must not be inlined, must not call
another one of them, and has no lambda of its own (its name would begin alike, and each entry switches the count over).
Both sides must print the same checksum. Counts do not depend on the clock or on what else the machine does.
usage: bench_ratios.py [workload...]
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
OUT = ROOT / "build" / "test-output"

# workload: (n, the most that kin may cost, as a multiple of the hand-written program)
BOUNDS = {
    "load": (20_000, 1.3),    # posts loaded as objects
    "insert": (20_000, 1.3),  # posts made and committed
    "loop": (300, 1.3),       # users whose posts are read in the naive loop
    "get": (10_000, 1.3),     # single gets by key
    "update": (10_000, 1.6),  # posts changed and committed; 1.54 today: a guard, not the goal
}


def measure(side, workload, n):
    """(instructions, checksum) of one run."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=callgrind.out",
                   *(f"--toggle-collect={scope}kin_bench_measured*" for scope in ("", "(anonymous namespace)::")), str(PROGRAM), side, workload, str(n)]
        result = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(f"{side} {workload}: exit {result.returncode}\n{result.stderr[-2000:]}")
        counted = re.search(r"Collected : (\d+)", result.stderr)
        if not counted or int(counted[1]) == 0:
            raise RuntimeError(f"{side} {workload}: nothing was counted; is the work in a function kin_bench_measured*?")
        return int(counted[1]), result.stdout.strip()


def main():
    if not PROGRAM.is_file():
        print(f"there is no {PROGRAM.relative_to(ROOT)}")
        print("0 passed, 1 failed")
        return 1
    workloads = sys.argv[1:] or list(BOUNDS)
    passed = failed = 0
    rows = ["| workload | n | kin, instructions | by hand | ratio | at most |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        runs = {(side, workload): pool.submit(measure, side, workload, BOUNDS[workload][0])
                for workload in workloads for side in ("kin", "raw")}
        for workload in workloads:
            n, bound = BOUNDS[workload]
            try:
                kin, kin_sum = runs["kin", workload].result()
                raw, raw_sum = runs["raw", workload].result()
            except RuntimeError as problem:
                print(problem)
                failed += 1
                continue
            ratio = kin / raw
            rows.append(f"| {workload} | {n} | {kin:,} | {raw:,} | {ratio:.2f} | {bound:.2f} |")
            if kin_sum != raw_sum:
                print(f"{workload}: the checksums differ, kin '{kin_sum}', by hand '{raw_sum}'")
                failed += 1
            elif ratio > bound:
                print(f"{workload}: {ratio:.2f} times the hand-written program; {bound:.2f} is the most")
                failed += 1
            else:
                passed += 1
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "bench.md").write_text("\n".join(rows) + "\n")
    print("\n".join(rows))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
