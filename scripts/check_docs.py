#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that every C++ block of README.md and docs/ is text of a file that is compiled and run.

In a document:   <!-- file: examples/hello.cpp#models -->     on the line before the block
In the file:     // [models]   ...   // [/models]             around the region; without #region, the whole file
The texts must be equal, apart from the region's indentation. `check_docs.py --fix` copies the files' text into the documents.
"""
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILED = ("examples/", "tests/unit/", "tests/integration/", "tests/threads/", "tests/must_not_compile/", "tests/consumer/")
SOURCE = re.compile(r"<!--\s*file:\s*([^#\s]+)(?:#([\w.-]+))?\s*-->")
FENCE = re.compile(r"^(\s*)(```+)\s*(\S*)(.*)$")
MARK = re.compile(r"^\s*//\s*\[/?[\w.-]+\]\s*$")


class Fault(Exception):
    pass


def region(path, name):
    if not path.startswith(COMPILED) or not path.endswith((".cpp", ".hpp")):
        raise Fault(f"{path} is not among the files that are compiled: {', '.join(COMPILED)}")
    file = ROOT / path
    if not file.is_file():
        raise Fault(f"there is no file {path}")
    lines = file.read_text(encoding="utf-8").splitlines()
    if name:
        begin = [i for i, line in enumerate(lines) if line.strip() == f"// [{name}]"]
        end = [i for i, line in enumerate(lines) if line.strip() == f"// [/{name}]"]
        if len(begin) != 1 or len(end) != 1 or begin[0] > end[0]:
            raise Fault(f"{path} must have one `// [{name}]` and after it one `// [/{name}]`")
        lines = lines[begin[0] + 1:end[0]]
    elif lines and "SPDX-License-Identifier" in lines[0]:
        lines = lines[1:]
    return tidy([line for line in lines if not MARK.match(line)])


def tidy(lines):
    text = textwrap.dedent("\n".join(line.rstrip() for line in lines))
    return text.strip("\n")


def check(document, fix):
    """Yields (line number, fault or None) for every C++ block."""
    lines = document.read_text(encoding="utf-8").splitlines()
    out, index, changed = [], 0, False
    while index < len(lines):
        fence = FENCE.match(lines[index])
        out.append(lines[index])
        index += 1
        if not fence:
            continue
        start, body = index, []
        while index < len(lines) and lines[index].strip() != fence[2]:
            body.append(lines[index])
            index += 1
        if fence[3].lower() in ("cpp", "c++", "cxx"):
            fault = None
            before = next((line for line in reversed(out[:-1]) if line.strip()), "")
            source = SOURCE.search(before)
            try:
                if not source:
                    raise Fault("the block has no `<!-- file: path#region -->` before it")
                wanted = region(source[1], source[2])
                if wanted != tidy(body):
                    if fix:
                        body, changed = textwrap.indent(wanted, fence[1]).splitlines(), True
                    else:
                        raise Fault(f"the block differs from {source[1]}#{source[2] or ''}; scripts/check_docs.py --fix copies it")
            except Fault as problem:
                fault = str(problem)
            yield start, fault
        out += body
        if index < len(lines):
            out.append(lines[index])
            index += 1
    if changed:
        document.write_text("\n".join(out) + "\n", encoding="utf-8")


def main():
    fix = "--fix" in sys.argv[1:]
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    passed = failed = 0
    for document in documents:
        name = document.relative_to(ROOT).as_posix()
        if not document.is_file():
            print(f"there is no {name}")
            failed += 1
            continue
        for number, fault in check(document, fix):
            if fault:
                print(f"{name}:{number}: {fault}")
                failed += 1
            else:
                passed += 1
    if passed == 0:
        print("no C++ block was found in README.md and docs/")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
