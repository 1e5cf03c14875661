#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What it costs to compile against kin: CPU seconds and peak memory of the first program, beside a file that only
includes <string>, <vector>, <optional>, <memory> and <tuple>. Best of the runs; ratios are what to quote.
usage: compile_cost.py [runs]
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = "".join(f"#include <{h}>\n" for h in ("string", "vector", "optional", "memory", "tuple"))
PROGRAMS = {"reference": REFERENCE, "kin.hpp": "#include <kin/kin.hpp>\n", "hello": None}


def cost(compiler, level, source):
    """(CPU seconds, peak megabytes) of one compilation."""
    child = subprocess.Popen([compiler, "-std=c++20", level, "-I", str(ROOT / "include"), "-c", str(source), "-o", os.devnull])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{compiler} {level} {source}: does not compile")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print("| compiler | program | CPU s | beside reference | peak MB |\n| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for compiler in ("g++", "clang++-19"):
            for level in ("-O0", "-O2"):
                reference = None
                for name, text in PROGRAMS.items():
                    source = ROOT / "examples" / "hello.cpp"
                    if text is not None:
                        source = Path(folder) / f"{name.replace('.', '_')}.cpp"
                        source.write_text(text)
                    best = [cost(compiler, level, source) for _ in range(runs)]
                    seconds, memory = min(s for s, _ in best), min(m for _, m in best)
                    reference = reference or seconds
                    print(f"| {compiler} {level} | {name} | {seconds:.2f} | {seconds / reference:.1f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
