#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What it costs to compile a program with kin: processor seconds and peak memory, beside a file that includes only <string>,
<vector>, <optional>, <memory> and <tuple>. Fails when examples/hello.cpp costs more than MOST times that file at -O0.

A run measures the programs in turn, several times over, and keeps the best: what else the machine does then counts little.
The table goes to build/test-output/compile_cost.md.
usage: compile_cost.py [--all] [--times N] [--compilers g++,clang++-19] [--levels=-O0,-O2]
       --all: every program on g++ and clang++-19, at -O0 and -O2
"""
import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "test-output" / "compile_cost"
FLAGS = ["-std=c++20", f"-I{ROOT / 'include'}", "-c", "-o", "/dev/null"]
MOST = 4.0

REFERENCE = "#include <string>\n#include <vector>\n#include <optional>\n#include <memory>\n#include <tuple>\n"
MODEL = """
struct Model{n} {{
    kin::primary_key<int> id;
    kin::varchar<50> name;
    std::string text;
    std::optional<std::string> note;
    int a = 0;
    int b = 0;
    std::optional<int> c;
    std::int64_t d = 0;
    double e = 0;
    bool f = false;
    kin::varchar<20> g;
    std::optional<double> h;
}};
void use{n}(kin::session& session) {{
    session.add(kin::make(Model{n}{{.name = "x"}}));
    for (const auto& m : session.query<Model{n}>().where(kin::col<&Model{n}::a> == {n})) session.remove(m);
}}
"""


def programs():
    """Name and source of everything that is measured; the first is the reference."""
    ten = "#include <kin/kin.hpp>\n" + "".join(MODEL.format(n=n) for n in range(10))
    wide = ("#include <kin/kin.hpp>\nstruct Wide {\n    kin::primary_key<int> id;\n"
            + "".join(f"    {'std::string' if n % 3 == 0 else 'int'} c{n}{{}};\n" for n in range(99))
            + "};\nvoid use(kin::session& session) {\n    session.add(kin::make(Wide{.c1 = 5}));\n"
            + "    for (const auto& w : session.query<Wide>()) session.remove(w);\n}\n")
    return {
        "the standard headers alone": REFERENCE,
        "`#include <kin/kin.hpp>`": "#include <kin/kin.hpp>\n",
        "examples/hello.cpp": (ROOT / "examples" / "hello.cpp").read_text(encoding="utf-8"),
        "10 models of 12 columns": ten,
        "one model of 100 columns": wide,
    }


def cost(compiler, level, source):
    """Processor seconds and peak megabytes of one compilation."""
    child = os.fork()
    if child == 0:
        os.execvp(compiler, [compiler, level, *FLAGS, str(source)])
    _, status, used = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"{compiler} {level} cannot compile {source}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--compilers")
    parser.add_argument("--levels")
    options = parser.parse_args()
    compilers = (options.compilers or ("g++,clang++-19" if options.all else "g++")).split(",")
    levels = (options.levels or ("-O0,-O2" if options.all else "-O0")).split(",")

    OUT.mkdir(parents=True, exist_ok=True)
    measured = programs()
    names = list(measured) if options.all else list(measured)[:3]
    for number, name in enumerate(names):
        (OUT / f"{number}.cpp").write_text(measured[name])
    best = {}
    for compiler in compilers:
        for level in levels:
            for _ in range(options.times):
                for number, name in enumerate(names):
                    seconds, megabytes = cost(compiler, level, OUT / f"{number}.cpp")
                    least, most = best.get((name, compiler, level), (seconds, megabytes))
                    best[name, compiler, level] = min(least, seconds), max(most, megabytes)

    columns = [(compiler, level) for compiler in compilers for level in levels]
    table = ["| program | " + " | ".join(f"{c} {o}" for c, o in columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for name in names:
        cells = []
        for column in columns:
            seconds, megabytes = best[name, *column]
            cells.append(f"{seconds:.2f} s, ×{seconds / best[names[0], *column][0]:.2f}, {megabytes:.0f} MB")
        table.append(f"| {name} | " + " | ".join(cells) + " |")
    (ROOT / "build" / "test-output" / "compile_cost.md").write_text("\n".join(table) + "\n")
    print("\n".join(table))

    failed = 0
    for compiler in compilers:
        if "-O0" in levels:
            ratio = best[names[2], compiler, "-O0"][0] / best[names[0], compiler, "-O0"][0]
            print(f"{compiler} -O0: hello.cpp costs ×{ratio:.2f} of the standard headers; ×{MOST:.2f} is the most")
            failed += ratio > MOST
    print(f"{len(compilers) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
