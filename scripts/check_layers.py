#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the house: floors, wings, rings of includes, the length of files, and what headers promise.

Prints one line for each fault, then `N passed, N failed`, where N counts files and rules.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a file of a floor may include: the floors named here. `top` is what stands in include/kin itself.
GROUND = ["base", "schema", "sql"]
FLOORS = {
    "base": ["base"],
    "schema": ["base", "schema"],
    "sql": GROUND,
    "engine": GROUND + ["engine"],  # engine and mapping are neighbours: neither knows the other
    "mapping": GROUND + ["mapping"],
    "orm": GROUND + ["engine", "mapping", "orm"],
    "migrate": GROUND + ["engine", "migrate"],  # never orm
    "app": GROUND + ["engine", "mapping", "orm", "app", "create_engine"],
    "testing": GROUND + ["engine", "mapping", "orm", "app", "create_engine", "testing", "kin"],  # the suite is written as programs are
    "create_engine": GROUND + ["engine", "create_engine"],
    "kin": GROUND + ["engine", "mapping", "orm", "app", "create_engine", "fwd"],
    "fwd": [],
    "json": ["base"],  # for JSON libraries, each asked for by name
}
WINGS = ["sqlite", "postgresql", "mariadb"]
for wing in WINGS:
    FLOORS[wing] = GROUND + ["engine", wing]
MAY_INCLUDE_WINGS = {"src/kin/create_engine.cpp"}

LONGEST = 800
HEAVY = {"iostream", "regex", "format", "chrono", "functional"}  # in a public header only with a reason beside it

# What a database can do is a feature answer: only its own wing and the suite know it by name.
BY_NAME = re.compile(r"\bdialect(\(\))?(\.|->)name\(\)\s*[=!]=|[=!]=\s*\"(sqlite|postgresql|mariadb|mysql)\"")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"](.*)$')


def floor_of(path):
    """The floor of a file under include/kin or src/kin; for a file at the top, its own name."""
    parts = path.relative_to(ROOT).parts[2:]
    return parts[0] if len(parts) > 1 else path.stem


def sources(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".hpp", ".cpp") and "node_modules" not in path.parts:
                yield path


def resolve(path, quoted, name):
    """The file of ours that an include means; None for someone else's."""
    places = [path.parent] if quoted else []
    for place in places + [ROOT / "include", ROOT / "src"]:
        candidate = (place / name).resolve()
        if candidate.is_file() and candidate.is_relative_to(ROOT):
            return candidate
    return None


def ring(graph):
    """A list of files that include each other in a ring, or None."""
    done, trail = set(), []

    def walk(node):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return None
        trail.append(node)
        for other in graph.get(node, ()):
            found = walk(other)
            if found:
                return found
        trail.pop()
        done.add(node)
        return None

    for node in graph:
        found = walk(node)
        if found:
            return found
    return None


def main():
    sys.setrecursionlimit(10000)
    faults, passed, failed = [], 0, 0
    graph = {}

    house = list(sources("include/kin", "src/kin"))
    if not any(path.suffix == ".cpp" for path in house):
        faults.append("src/kin: there is no source file")
        failed += 1

    for path in house:
        here = path.relative_to(ROOT).as_posix()
        floor = floor_of(path)
        public = here.startswith("include/")
        lines = path.read_text(encoding="utf-8").splitlines()
        own = []
        graph[here] = []
        if floor not in FLOORS:
            own.append(f"{here}: '{floor}' is no floor of the house; add it to scripts/check_layers.py")
        for number, line in enumerate(lines, 1):
            found = INCLUDE.match(line)
            if not found:
                if floor not in WINGS + ["create_engine", "testing"] and BY_NAME.search(line):
                    own.append(f"{here}:{number}: asks for a database by its name; ask its dialect for a feature")
                if path.suffix == ".hpp" and re.match(r"using namespace\b", line):
                    own.append(f"{here}:{number}: `using namespace` at file scope of a header")
                continue
            bracket, name, rest = found.groups()
            target = resolve(path, bracket == '"', name)
            if target is None:
                if bracket == '"' or name.startswith("kin/"):
                    own.append(f"{here}:{number}: there is no {name}")
                elif public and name in HEAVY and "//" not in rest:
                    own.append(f"{here}:{number}: <{name}> in a public header; write the reason beside it")
                continue
            there = target.relative_to(ROOT).as_posix()
            graph[here].append(there)
            if not there.startswith(("include/kin/", "src/kin/")):
                own.append(f"{here}:{number}: {there} is outside of the house")
                continue
            if public and there.startswith("src/"):
                own.append(f"{here}:{number}: a public header includes the private {there}")
            other = floor_of(target)
            if other == "fwd" or (other in WINGS and here in MAY_INCLUDE_WINGS):
                continue
            if other in WINGS and floor != other:
                own.append(f"{here}:{number}: {there} is a wing; only create_engine.cpp includes one")
            elif other not in FLOORS.get(floor, FLOORS):
                own.append(f"{here}:{number}: {floor} may not include {other} ({there})")
        if path.suffix == ".hpp" and "#pragma once" not in lines:
            own.append(f"{here}: no #pragma once")
        faults += own
        passed, failed = (passed, failed + 1) if own else (passed + 1, failed)

    found = ring(graph)
    if found:
        faults.append("a ring of includes: " + " -> ".join(found))
    passed, failed = (passed, failed + 1) if found else (passed + 1, failed)

    long = []
    for path in sources("include", "src", "tests", "examples", "bench"):
        here = path.relative_to(ROOT).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > LONGEST:
            long.append(f"{here}: {len(lines)} lines; {LONGEST} is the most, look for the second concept")
        if not lines or "SPDX-License-Identifier: MIT" not in lines[0]:
            long.append(f"{here}: the first line is no `// SPDX-License-Identifier: MIT`")
    faults += long
    failed += len(long)
    passed += not long

    for fault in faults:
        print(fault)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
