#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs tests/must_not_compile: programs that must be refused, with one error that says what to write instead.

A case begins with
    // expect: <text that stands in the first line of kin's message>
    // names: <the model or member; every word must stand in that line or below it>
    // plain: yes     (in place of `expect`, where the compiler speaks and not kin)
Compiled plainly it must fail, on every compiler, with exactly one error and few lines. Compiled with -DKIN_CONTROL it must
compile: the same program, written right. The line counts go to build/test-output/compile_errors.md, and must be those of
docs/guide/compile-errors.md; --fix writes them there.
--no-page measures only.
usage: must_not_compile.py [--fix] [--compilers g++,clang++-19] [--no-page] [case...]
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "must_not_compile"
OUT = ROOT / "build" / "test-output"
FLAGS = ["-std=c++20", "-Iinclude", "-Wall", "-Wextra", "-fdiagnostics-color=never"]
CONTROL_FLAGS = ["-DKIN_CONTROL", "-Wno-missing-field-initializers", "-Werror", "-fsyntax-only"]
PAGE = ROOT / "docs" / "guide" / "compile-errors.md"
BEGIN, END = "<!-- begin: scripts/must_not_compile.py --fix -->", "<!-- end -->"
MOST_LINES = {"query": 15, "mapping": 30}
KIN_MESSAGE = re.compile(r"(?<![\w:])kin: ")  # the message, not the namespace kin::


def header_of(case):
    expect, names, plain = None, [], False
    for line in case.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"//\s*expect:\s*(.+?)\s*$", line):
            expect = match[1]
        elif match := re.match(r"//\s*names:\s*(.+?)\s*$", line):
            names += re.split(r"[,\s]+", match[1])
        elif match := re.match(r"//\s*plain:\s*(.+?)\s*$", line):
            plain = match[1] == "yes"
        elif not line.startswith("//"):
            break
    return expect, [name for name in names if name], plain


def refused(case, compiler):
    """Compiles the wrong program. Returns (faults, number of lines, output)."""
    result = subprocess.run([compiler, *FLAGS, "-fsyntax-only", str(case.relative_to(ROOT))],
                            cwd=ROOT, capture_output=True, text=True)
    lines = result.stderr.splitlines()
    faults = []
    if result.returncode == 0:
        return ["it compiles"], len(lines), lines
    expect, names, plain = header_of(case)
    errors = sum("error:" in line for line in lines)
    if errors != 1:
        faults.append(f"{errors} errors instead of one")
    if expect is None and not plain:
        faults.append("the case has no line `// expect: ...`")
    first_line = re.compile(r"error:") if plain else KIN_MESSAGE
    first = next((index for index, line in enumerate(lines) if first_line.search(line)), None)
    if first is None:
        faults.append("no line of the output is a message of kin's")
    else:
        if expect is not None and expect not in lines[first]:
            faults.append(f"the first line of the message lacks: {expect}")
        rest = "\n".join(lines[first:])
        faults += [f"the message does not name {name}" for name in names if name not in rest]
    kind = case.stem.split("_")[0]
    if kind not in MOST_LINES:
        faults.append("the file's name begins with neither query_ nor mapping_")
    elif len(lines) > MOST_LINES[kind]:
        faults.append(f"{len(lines)} lines; {MOST_LINES[kind]} is the most")
    return faults, len(lines), lines


def precompile(compiler):
    """kin.hpp once, for the programs that are right. Returns the flags that use it."""
    header = OUT / "must_not_compile" / f"{compiler}.hpp"
    header.write_text("#include <kin/kin.hpp>\n")
    output = Path(f"{header}.{'pch' if 'clang' in compiler else 'gch'}")
    subprocess.run([compiler, *FLAGS, *CONTROL_FLAGS[:-1], "-x", "c++-header", str(header), "-o", str(output)],
                   cwd=ROOT, check=True)
    return ["-include-pch", str(output)] if "clang" in compiler else ["-include", str(header)]


def accepted(case, compiler):
    """Compiles the right program of the case."""
    if "KIN_CONTROL" not in case.read_text(encoding="utf-8"):
        return ["the case has no #ifdef KIN_CONTROL with the program written right"], 0, []
    result = subprocess.run([compiler, *FLAGS, *CONTROL_FLAGS, *precompiled[compiler], str(case.relative_to(ROOT))],
                            cwd=ROOT, capture_output=True, text=True)
    lines = result.stderr.splitlines()
    return (["the program written right does not compile"] if result.returncode else []), len(lines), lines


def mistake_of(case):
    """The wrong line of a case, where it is one line."""
    wrong = re.search(r"#else\n(.*?)#endif", case.read_text(encoding="utf-8"), re.S)
    lines = [line.strip() for line in wrong[1].splitlines()] if wrong else []
    text = re.sub(r"^(return )?(\(void\)(\w+, )?)?", "", lines[0]) if len(lines) == 1 else ""
    return f": `{text}`".replace("|", "\\|") if text else ""


def table_of(cases, compilers, counts):
    table = ["| mistake | message | " + " | ".join(compilers) + " |", "| --- | --- |" + " ---: |" * len(compilers)]
    for case in cases:
        kind, words = case.stem.split("_", 1)
        expect, _, plain = header_of(case)
        message = "(the compiler's own)" if plain else str(expect).removeprefix("kin: ").replace("|", "\\|")
        figures = " | ".join(str(counts[case.stem, compiler]) for compiler in compilers)
        table.append(f"| {kind}, {words.replace('_', ' ')}{mistake_of(case)} | {message} | {figures} |")
    return table


def check_page(table, fix):
    """The figures in the documentation are those that were measured."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        return [f"{PAGE.relative_to(ROOT)} has no lines `{BEGIN}` and `{END}`"]
    measured = f"{before}{BEGIN}\n" + "\n".join(table) + f"\n{END}{after}"
    if measured == text:
        return []
    if fix:
        PAGE.write_text(measured, encoding="utf-8")
        return []
    return [f"{PAGE.relative_to(ROOT)} has other figures than were measured; scripts/must_not_compile.py --fix writes them"]


precompiled = {}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--compilers", default="g++,clang++-19")
    parser.add_argument("--no-page", action="store_true", help="leave the documentation's figures alone")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    compilers = options.compilers.split(",")
    cases = sorted(CASES.glob("*.cpp"))
    if options.cases:
        cases = [case for case in cases if case.stem in options.cases]
    (OUT / "must_not_compile").mkdir(parents=True, exist_ok=True)
    if not cases:
        print("tests/must_not_compile has no case")
        print("0 passed, 1 failed")
        return 1

    precompiled.update((compiler, precompile(compiler)) for compiler in compilers)
    work = [(check, case, compiler) for case in cases for compiler in compilers for check in (refused, accepted)]
    passed = failed = 0
    counts = {}
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for (check, case, compiler), (faults, count, lines) in zip(work, pool.map(lambda job: job[0](*job[1:]), work)):
            if check is refused:
                counts[case.stem, compiler] = count
            if not faults:
                passed += 1
                continue
            failed += 1
            print(f"{case.stem} ({compiler}): {'; '.join(faults)}")
            print("\n".join("    " + line for line in lines[:MOST_LINES["mapping"]]))

    table = table_of(cases, compilers, counts)
    print("\n".join(table))
    if not options.cases and not options.no_page:
        (OUT / "compile_errors.md").write_text("\n".join(table) + "\n")
        faults = check_page(table, options.fix)
        print("\n".join(faults))
        failed += len(faults)
        passed += not faults
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
