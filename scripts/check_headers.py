#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every public header alone. usage: check_headers.py COMPILER..."""
import concurrent.futures
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "test-output" / "headers"
FLAGS = ["-std=c++20", "-I", "include", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror",
         "-Wno-missing-field-initializers", "-O0", "-fdiagnostics-color=never"]


def compile_alone(compiler, header):
    # An object file rather than -fsyntax-only: ccache keeps objects, so a header that did not change costs nothing.
    name = header.with_suffix("").as_posix().replace("/", "-")
    source = OUT / f"{name}.cpp"
    text = f"#include <{header.as_posix()}>\n#include <{header.as_posix()}> // twice is once\n"
    if not source.exists() or source.read_text() != text:
        source.write_text(text)
    cache = [shutil.which("ccache")] if shutil.which("ccache") else []
    command = cache + [compiler, *FLAGS, "-c", str(source.relative_to(ROOT)), "-o", str(OUT / f"{name}.{compiler}.o")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    headers = sorted(path.relative_to(ROOT / "include") for path in (ROOT / "include").rglob("*.hpp"))
    work = [(compiler, header) for compiler in sys.argv[1:] for header in headers]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for (compiler, header), result in zip(work, pool.map(lambda job: compile_alone(*job), work)):
            if result.returncode != 0:
                failed += 1
                print(f"{compiler}: {header} does not compile alone")
                print("\n".join(result.stderr.splitlines()[:12]))
    if not headers:
        print("include/ has no header")
        failed += 1
    print(f"{len(work) - failed if headers else 0} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
